using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Runs.Reports;

/// <summary>A response that a report draws.</summary>
internal sealed record ReportSample(string Source, string Problem, string Response, string Note)
{
    private const int LinesLookedAt = 64;
    private const int MaxCharacters = 12_000;
    private const int MostEvaluations = 4;

    /// <summary>What <see cref="Choose"/> takes, for the reader.</summary>
    public static string Choice { get; } =
        $"Chosen, not typical: of the first {LinesLookedAt} responses of the first, the middle and the last step, and of each evaluation, the first right one and the first wrong one, those with blocks before those without.";

    /// <summary>A right and a wrong response of the first, the middle and the last rollouts, and of each evaluation: with blocks where there are such.</summary>
    public static IReadOnlyList<ReportSample> Choose(string folder)
    {
        var samples = new List<ReportSample>();
        var rollouts = Path.Combine(folder, "rollouts");
        if (Directory.Exists(rollouts))
        {
            var files = Directory.EnumerateFiles(rollouts, "step-*.jsonl").Select(f => (File: f, Step: StepOf(f))).Where(f => f.Step >= 0).OrderBy(f => f.Step).ToList();
            foreach (var i in new[] { 0, files.Count / 2, files.Count - 1 }.Distinct().Where(i => i >= 0 && i < files.Count))
                samples.AddRange(RightAndWrong(files[i].File, $"step {files[i].Step}"));
        }

        var responses = Directory.EnumerateFiles(folder, "responses*.jsonl").Order(StringComparer.Ordinal);
        foreach (var file in responses.Take(MostEvaluations))
            samples.AddRange(RightAndWrong(file, Path.GetFileNameWithoutExtension(file)));
        return samples;
    }

    /// <summary>The response in a row of any of our files, or null.</summary>
    public static ReportSample? FromRow(JsonObject row, string source)
    {
        var response = Text(row, "response") ?? Text(row, "text");
        if (response is null)
            return null;
        var notes = new List<string>();
        foreach (var key in new[] { "reward", "verdict", "answer", "blocks", "tokens" })
        {
            if (Text(row, key) is { Length: > 0 } value)
                notes.Add($"{key} {Cut(value, 60)}");
        }

        return new ReportSample(source, Cut((Text(row, "problem") ?? Text(row, "prompt") ?? "").Trim(), 2000), Cut(response, MaxCharacters), string.Join(" · ", notes));
    }

    private static IEnumerable<ReportSample> RightAndWrong(string file, string source)
    {
        var rows = JsonLines.Read(file).Take(LinesLookedAt).ToList();
        foreach (var right in new[] { true, false })
        {
            var (line, row) = rows.Where(r => IsRight(r.Value) == right).OrderByDescending(r => HasBlock(r.Value)).FirstOrDefault();
            if (row is not null && FromRow(row, $"{source}, line {line}, {(right ? "right" : "wrong")}") is { } sample)
                yield return sample;
        }
    }

    private static bool HasBlock(JsonObject row) => (Text(row, "response") ?? Text(row, "text") ?? "").Contains("<Parallel>", StringComparison.Ordinal);

    /// <summary>By the verdict; in rows without one by the reward.</summary>
    private static bool IsRight(JsonObject row) => Text(row, "verdict") is { } verdict
        ? verdict == "correct"
        : row["reward"] is JsonValue reward && reward.TryGetValue<double>(out var r) && r > 0;

    private static int StepOf(string file) => int.TryParse(Path.GetFileNameWithoutExtension(file)["step-".Length..], out var step) ? step : -1;

    private static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length), " …");

    private static string? Text(JsonObject row, string key) => row[key] switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value => value.ToJsonString(),
        _ => null,
    };
}
