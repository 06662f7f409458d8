using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Data.Export;

/// <summary>The dataset card: the README.md of a dataset folder on the Hugging Face hub.</summary>
internal sealed class DatasetCard(string title, KnownSet? set, ExportContents contents, JsonObject? report, ExportOptions options)
{
    private static readonly (long Below, string Name)[] s_sizes =
    [
        (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"), (long.MaxValue, "10M<n<100M"),
    ];

    /// <summary>Gets the licence: the given one, or that of the known sets that the rows come from if they agree; otherwise <c>unknown</c>.</summary>
    public string Licence { get; } = options.Licence ?? LicenceOf(set, contents);

    /// <summary>Describes the sources: that of the set, or those named in the rows.</summary>
    private List<string> Sources()
    {
        if (set is not null)
            return [$"`{set.Name}`: {set.Description}. From {set.Origin}{(set.HubRepository is null ? "" : $" (`{set.HubRepository}`)")}."];
        return [.. contents.Sources.Select(s => $"`{s.Key}`: {s.Value:N0} rows{(SetOf(s.Key) is { } known ? $"; {known.Origin}, {known.Licence}" : "")}")];
    }

    public string Text()
    {
        var text = new StringBuilder("---\n");
        text.Append(CultureInfo.InvariantCulture, $"pretty_name: {Quoted(title)}\n");
        text.Append(CultureInfo.InvariantCulture, $"license: {Quoted(Licence.ToLowerInvariant())}\n");
        text.Append("task_categories:\n- text-generation\n");
        text.Append("tags:\n- math\n").Append(contents.HasResponses ? "- parallel-thinking\n" : "");
        text.Append(CultureInfo.InvariantCulture, $"size_categories:\n- {s_sizes.First(s => contents.Rows < s.Below).Name}\n");
        text.Append("configs:\n- config_name: default\n  data_files:\n");
        foreach (var split in contents.Splits.Keys)
            text.Append(CultureInfo.InvariantCulture, $"  - split: {split}\n    path: data/{split}-*\n");
        text.Append(CultureInfo.InvariantCulture, $"---\n\n# {OneLine(title)}\n");
        Section(text, "Source", Lines(Sources(), "Not stated."));
        Section(text, "Teacher", Teacher());
        Section(text, "Licence", Licence == "unknown" ? "Not stated; the licences of the sources hold." : $"{Licence}. The licences of the sources{(contents.HasResponses ? " and the terms of the teacher" : "")} hold besides.");
        Section(text, "Counts", Counts());
        Section(text, "Filters", Filters());
        Section(text, "Example", $"One of the {contents.Rows:N0} rows, drawn with seed {options.Seed}:\n\n{Fenced(contents.Example)}");
        text.Append("\nMade by `parallel-r1 data export`.\n");
        return text.ToString();
    }

    private string Teacher()
    {
        var names = contents.Teachers.Select(t => $"`{t.Key}`: {t.Value:N0} rows").ToList();
        if (names.Count == 0 && (set?.Teacher ?? RowPath.Text(RowPath.Find(report ?? [], "settings.model"))) is { } teacher)
            names.Add($"`{teacher}`");
        if (names.Count > 0)
            return Lines(names, "") + (RowPath.Find(report ?? [], "settings.sampling") is { } sampling ? $"\n\nSampling: `{OneLine(sampling.ToJsonString(JsonLines.Options))}`" : "");
        return set?.IsSynthetic == true ? "None: a program writes the solutions." : contents.HasResponses ? "Not stated." : "None: the rows are problems.";
    }

    private string Counts()
    {
        var table = new StringBuilder("| split | rows |\n|---|---|\n");
        foreach (var (split, rows) in contents.Splits)
            table.Append(CultureInfo.InvariantCulture, $"| {split} | {rows:N0} |\n");
        return $"{table}\nColumns: {string.Join(", ", contents.Fields.Select(f => $"`{f.Name}`"))}.";
    }

    // data cold-start: "rejected": {reason: {any, first}} and "total"; data prepare: "rejected": {reason: count}, "read", "kept".
    private string Filters()
    {
        if (report?["rejected"] is not JsonObject rejected)
            return set?.NeedsCleaning == true ? "Cut, repeated and conflicting problems are left out." : "None that are known here.";
        var text = new StringBuilder();
        if (report["total"] is JsonObject total)
            text.Append($"Of {total["samples"]} answers asked for, {total["valid_format"]} had a valid format, {total["correct"]} the gold answer, and {total["kept"]} were kept.\n\n");
        else
            text.Append($"Of {report["read"]} problems read, {report["kept"]} were kept.\n\n");
        text.Append("| left out because | rows |\n|---|---|\n");
        foreach (var (reason, count) in rejected)
            text.Append($"| `{reason}` | {(count is JsonObject both ? $"{both["any"]}, first reason for {both["first"]}" : count)} |\n");
        return text.ToString();
    }

    private static string LicenceOf(KnownSet? set, ExportContents contents)
    {
        var licences = set is not null ? [set.Licence] : contents.Sources.Keys.Select(s => SetOf(s)?.Licence).Distinct().ToList();
        return licences is [{ } licence] ? licence.ToLowerInvariant() : "unknown";
    }

    private static KnownSet? SetOf(string source) => KnownSets.All.FirstOrDefault(s => s.Source == source);

    private static string Lines(List<string> lines, string none) => lines.Count == 0 ? none : string.Join('\n', lines.Select(l => $"- {OneLine(l)}"));

    private static void Section(StringBuilder text, string heading, string body) =>
        text.Append(CultureInfo.InvariantCulture, $"\n## {heading}\n\n{body.TrimEnd()}\n");

    /// <summary>Formats a row as indented JSON between code fences longer than any in it.</summary>
    private static string Fenced(JsonObject row)
    {
        var json = row.ToJsonString(new System.Text.Json.JsonSerializerOptions(JsonLines.Options) { WriteIndented = true });
        var fence = "```";
        while (json.Contains(fence, StringComparison.Ordinal))
            fence += "`";
        return $"{fence}json\n{json}\n{fence}";
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    // A JSON string is also a YAML string.
    private static string Quoted(string text) => JsonValue.Create(OneLine(text)).ToJsonString(JsonLines.Options);
}
