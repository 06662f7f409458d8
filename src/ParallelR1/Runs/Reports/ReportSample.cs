using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Runs.Reports;

/// <summary>A response that a report draws.</summary>
internal sealed record ReportSample(string Source, string Problem, string Response, string Note)
{
    private const int LinesLookedAt = 64;
    private const int MaxCharacters = 12_000;

    /// <summary>One response of the first, the middle and the last rollouts, and some of an evaluation: with blocks and right where there are such.</summary>
    public static IReadOnlyList<ReportSample> Choose(string folder)
    {
        var samples = new List<ReportSample>();
        var rollouts = Path.Combine(folder, "rollouts");
        if (Directory.Exists(rollouts))
        {
            var files = Directory.EnumerateFiles(rollouts, "step-*.jsonl").Select(f => (File: f, Step: StepOf(f))).Where(f => f.Step >= 0).OrderBy(f => f.Step).ToList();
            foreach (var i in new[] { 0, files.Count / 2, files.Count - 1 }.Distinct().Where(i => i >= 0 && i < files.Count))
                samples.AddRange(Best(files[i].File, $"step {files[i].Step}", 1));
        }

        var responses = Directory.EnumerateFiles(folder, "responses*.jsonl").Order(StringComparer.Ordinal);
        foreach (var file in responses.Take(2))
            samples.AddRange(Best(file, Path.GetFileNameWithoutExtension(file), 2));
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

    private static IEnumerable<ReportSample> Best(string file, string source, int count) =>
        JsonLines.Read(file).Take(LinesLookedAt).Select(l => l.Value)
            .Select(row => (Sample: FromRow(row, source), Score: Score(row)))
            .Where(s => s.Sample is not null)
            .OrderByDescending(s => s.Score)
            .Take(count)
            .Select(s => s.Sample!);

    private static int Score(JsonObject row)
    {
        var text = Text(row, "response") ?? Text(row, "text") ?? "";
        var right = Text(row, "verdict") == "correct" || (row["reward"] is JsonValue reward && reward.TryGetValue<double>(out var r) && r > 0);
        return (text.Contains("<Parallel>", StringComparison.Ordinal) ? 2 : 0) + (right ? 1 : 0);
    }

    private static int StepOf(string file) => int.TryParse(Path.GetFileNameWithoutExtension(file)["step-".Length..], out var step) ? step : -1;

    private static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length), " …");

    private static string? Text(JsonObject row, string key) => row[key] switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value => value.ToJsonString(),
        _ => null,
    };
}
