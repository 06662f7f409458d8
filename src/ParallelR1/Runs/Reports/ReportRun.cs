using System.Text.Json.Nodes;
using ParallelR1.Evaluation;

namespace ParallelR1.Runs.Reports;

/// <summary>What a report knows of one folder: figures, recipe, rows of its summary, some responses.</summary>
internal sealed class ReportRun
{
    public required string Name { get; init; }

    public IReadOnlyList<JsonObject> Metrics { get; init; } = [];

    public Summary? Summary { get; init; }

    public IReadOnlyList<SummaryRow> Rows => Summary?.Rows ?? [];

    public IReadOnlyList<ReportSample> Samples { get; init; } = [];

    public string? Recipe { get; init; }

    /// <summary>
    /// Reads a run folder, a folder of runs (as <c>quickstart</c> and <c>reproduce</c> make it) or a summary file.
    /// A folder with nothing to report is an error.
    /// </summary>
    public static IReadOnlyList<ReportRun> Load(string path)
    {
        if (File.Exists(path))
            return [new ReportRun { Name = NameOfFile(path), Summary = SummaryJson.ReadSummary(path) }];
        if (!Directory.Exists(path))
            throw new UsageException($"{path}: no such run folder");
        var own = ReadFolder(path, NameOf(path));
        var runs = own is null ? [] : new List<ReportRun> { own };
        if (own is null or { Metrics.Count: 0 })
        {
            // The stages in the order in which they were run.
            var stages = Directory.EnumerateDirectories(path)
                .Where(f => File.Exists(Path.Combine(f, "metrics.jsonl")))
                .OrderBy(f => File.GetLastWriteTimeUtc(Path.Combine(f, "metrics.jsonl"))).ThenBy(f => f, StringComparer.Ordinal);
            foreach (var folder in stages)
                runs.Add(ReadFolder(folder, Path.GetFileName(folder))!);
        }

        return runs.Count > 0 ? runs : throw new UsageException($"{path}: nothing to report: neither metrics.jsonl nor summary.json is here or in a folder below it");
    }

    /// <summary>Step and value of a figure, by step.</summary>
    public IReadOnlyList<(double X, double Y)> Curve(string kind, string key, Func<JsonObject, bool>? where = null) =>
        [.. Metrics
            .Where(m => (string?)m[MetricNames.Kind] == kind && (where is null || where(m)))
            .Select(m => (Step: MetricsLog.StepOf(m), Value: Number(m[key])))
            .Where(p => p.Step is not null && p.Value is not null)
            .Select(p => ((double)p.Step!.Value, p.Value!.Value))];

    /// <summary>Seconds by phase of every step; several lines of a step are put together.</summary>
    public IReadOnlyList<(int Step, IReadOnlyDictionary<string, double> Parts)> Seconds() =>
        [.. Metrics
            .Where(m => m[MetricNames.Seconds] is JsonObject && MetricsLog.StepOf(m) is not null)
            .GroupBy(m => MetricsLog.StepOf(m)!.Value)
            .Select(g => (g.Key, (IReadOnlyDictionary<string, double>)g
                .SelectMany(m => m[MetricNames.Seconds]!.AsObject())
                .Where(p => Number(p.Value) is not null)
                .GroupBy(p => p.Key)
                .ToDictionary(p => p.Key, p => p.Sum(x => Number(x.Value)!.Value))))];

    private static ReportRun? ReadFolder(string path, string name)
    {
        string Under(string file) => Path.Combine(path, file);
        if (!File.Exists(Under("metrics.jsonl")) && !File.Exists(Under("summary.json")))
            return null;
        return new ReportRun
        {
            Name = name,
            Metrics = File.Exists(Under("metrics.jsonl")) ? MetricsLog.Read(Under("metrics.jsonl")) : [],
            Summary = File.Exists(Under("summary.json")) ? SummaryJson.ReadSummary(Under("summary.json")) : null,
            Recipe = File.Exists(Under("recipe.yaml")) ? File.ReadAllText(Under("recipe.yaml")) : null,
            Samples = ReportSample.Choose(path),
        };
    }

    /// <summary>A summary is called after its folder: all of them have the same name.</summary>
    private static string NameOfFile(string path) =>
        Path.GetFileName(path) == "summary.json" ? NameOf(Path.GetDirectoryName(Path.GetFullPath(path))!) : Path.GetFileNameWithoutExtension(path);

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;
}
