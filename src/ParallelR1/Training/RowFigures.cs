using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Evaluation;
using ParallelR1.IO;
using ParallelR1.Runs;

namespace ParallelR1.Training;

/// <summary>The stored results of a finished row: how it was made, and its results per problem, so that rows of several runs can be compared.</summary>
public sealed record RowFigures
{
    private static readonly JsonSerializerOptions s_json = new(JsonLines.Options) { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Name of the row.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the recipe that the model was trained by, or measured by if it was not trained.</summary>
    public required string Recipe { get; init; }

    /// <summary>Title of the row in a table, in addition to its name; null for none.</summary>
    public string? Title { get; init; }

    /// <summary>Scale of the recipe, such as <c>mini</c>.</summary>
    public required string Scale { get; init; }

    /// <summary>Seed of training and evaluation.</summary>
    public required long Seed { get; init; }

    /// <summary>Hash of the contents of recipe and starting model; rows with equal hashes need not be made again.</summary>
    public required string Contents { get; init; }

    /// <summary>Name of the row that this one starts from; null for none.</summary>
    public string? After { get; init; }

    /// <summary>Hash of the recipe and those that it starts from, independent of seed and compute type; the seeds of one row of a table must agree in it.</summary>
    public string? RecipeHash { get; init; }

    /// <summary>The <see cref="RecipeHash"/> of the row that this one starts from.</summary>
    public string? AfterHash { get; init; }

    /// <summary>The recipe with every key, without values that depend on the machine.</summary>
    public string? ResolvedRecipe { get; init; }

    /// <summary>The commit that the program was built from; null if unknown.</summary>
    public string? Commit { get; init; }

    /// <summary>Hash of the code that determines the results of a run; null if unknown.</summary>
    public string? TrainingCode { get; init; }

    /// <summary>Name of the grader that decided which responses are correct.</summary>
    public required string Grader { get; init; }

    /// <summary>Compute type, such as <c>bf16</c>.</summary>
    public required string Dtype { get; init; }

    /// <summary>Name of the processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Maximum number of response tokens on the critical path; null for no separate limit.</summary>
    public int? Cap { get; init; }

    /// <summary>Duration of the training in seconds; null if nothing was trained.</summary>
    public double? TrainSeconds { get; init; }

    /// <summary>Peak memory of the process in bytes while the row was made; null if unknown.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>Metrics of each RL step.</summary>
    public IReadOnlyList<StepFigures> Steps { get; init; } = [];

    /// <summary>Results of each suite; empty if the row was not measured, because it only serves as a starting model of other rows.</summary>
    public required IReadOnlyList<SuiteResult> Suites { get; init; }

    /// <summary>Accuracy at several caps on the critical path; null if not measured.</summary>
    public IReadOnlyList<CurvePoint>? Curve { get; init; }

    /// <summary>Median duration in seconds of decoding an answer alone; null if not measured.</summary>
    public double? SecondsPerAnswer { get; init; }

    /// <summary>Converts the figures to a row of a table.</summary>
    public SummaryRow ToSummary() => ToSummary([this]);

    /// <summary>Combines the figures of several seeds to a row of a table.</summary>
    /// <param name="seeds">The figures of each seed, at least one.</param>
    public static SummaryRow ToSummary(IReadOnlyList<RowFigures> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        var first = seeds[0];
        return SummaryRow.Create(first.Name, first.Recipe, first.Scale, first.Grader, [.. seeds.Select(s => (s.Seed, s.Suites))]) with
        {
            Cap = first.Cap,
            Dtype = first.Dtype,
            Processor = string.Join("; ", seeds.Select(s => s.Processor).Distinct()),
            SecondsPerAnswer = seeds.All(s => s.SecondsPerAnswer is not null) ? seeds.Average(s => s.SecondsPerAnswer) : null,
        };
    }

    /// <summary>Writes the figures to a file, atomically.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, s_json) + "\n");

    /// <summary>Reads figures from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static RowFigures Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RowFigures>(File.ReadAllText(path), s_json) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: not the figures of a row ({e.Message}); remove it, and the row is measured again", e);
        }
    }
}

/// <summary>Metrics of an RL step.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Accuracy">Share of responses that are correct.</param>
/// <param name="ParallelRatio">Share of responses with at least one block.</param>
/// <param name="BlockPosition">Mean relative position of the start of a block in its response, 0 to 1; null if there are no blocks.</param>
/// <param name="TokensTotal">Number of response tokens.</param>
/// <param name="TokensCriticalPath">Number of response tokens on the critical paths, which contain only the longest path of each block.</param>
/// <param name="Seconds">Duration of the step in seconds.</param>
/// <param name="VerificationRatio">Share of blocks that verify an answer given before them; null if there are no blocks or it was not counted.</param>
public sealed record StepFigures(int Step, double Accuracy, double ParallelRatio, double? BlockPosition, long TokensTotal, long TokensCriticalPath, double Seconds, double? VerificationRatio = null)
{
    /// <summary>Reads the training steps of a run that have these metrics, and the duration of all its steps in seconds.</summary>
    internal static (IReadOnlyList<StepFigures> Steps, double Seconds) OfRun(string folder)
    {
        var lines = MetricsLog.Read(Path.Combine(folder, "metrics.jsonl")).Where(line => (string?)line[MetricNames.Kind] == MetricNames.Train).ToList();
        return ([.. lines.Where(line => line[MetricNames.ParallelRatio] is not null).Select(Of)], lines.Sum(SecondsOf));
    }

    private static StepFigures Of(JsonObject line) => new(
        MetricsLog.StepOf(line) ?? 0, Number(line, MetricNames.Accuracy) ?? 0, Number(line, MetricNames.ParallelRatio) ?? 0, Number(line, MetricNames.BlockPosition),
        (long)(Number(line, MetricNames.TokensTotal) ?? 0), (long)(Number(line, MetricNames.TokensCriticalPath) ?? 0), SecondsOf(line), Number(line, MetricNames.VerificationRatio));

    private static double SecondsOf(JsonObject line) => line[MetricNames.Seconds] is JsonObject phases ? phases.Sum(phase => (double?)phase.Value ?? 0) : 0;

    private static double? Number(JsonObject line, string key) => (double?)line[key];
}
