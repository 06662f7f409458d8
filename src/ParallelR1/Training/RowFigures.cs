using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Evaluation;
using ParallelR1.IO;
using ParallelR1.Runs;

namespace ParallelR1.Training;

/// <summary>What a finished row leaves behind: how it was made, and its figures problem by problem, so that rows of several runs can be put side by side.</summary>
public sealed record RowFigures
{
    private static readonly JsonSerializerOptions s_json = new(JsonLines.Options) { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The row.</summary>
    public required string Name { get; init; }

    /// <summary>The recipe that made the model, or by which it was measured.</summary>
    public required string Recipe { get; init; }

    /// <summary>What the table calls the row beside its name; null: nothing.</summary>
    public string? Title { get; init; }

    /// <summary>Its scale.</summary>
    public required string Scale { get; init; }

    /// <summary>Of training and evaluation.</summary>
    public required long Seed { get; init; }

    /// <summary>Identifies recipe and starting model by their contents: equal ones need not be made again.</summary>
    public required string Contents { get; init; }

    /// <summary>The row that this one starts from; null: none.</summary>
    public string? After { get; init; }

    /// <summary>Identifies the recipe and all that it comes after, whatever the seed and the type: rows of one table must agree in it.</summary>
    public string? RecipeHash { get; init; }

    /// <summary>The <see cref="RecipeHash"/> of the row that this one starts from.</summary>
    public string? AfterHash { get; init; }

    /// <summary>The recipe with every key, without what belongs to the machine.</summary>
    public string? ResolvedRecipe { get; init; }

    /// <summary>The commit that the program was built from; null: not known.</summary>
    public string? Commit { get; init; }

    /// <summary>Identifies the code that decides what comes out of a run; null: not known.</summary>
    public string? TrainingCode { get; init; }

    /// <summary>Which grader said what is correct.</summary>
    public required string Grader { get; init; }

    /// <summary>The type that was computed in.</summary>
    public required string Dtype { get; init; }

    /// <summary>The processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Response tokens on the critical path that were allowed; null: no limit of their own.</summary>
    public int? Cap { get; init; }

    /// <summary>Seconds of training; null: nothing was trained.</summary>
    public double? TrainSeconds { get; init; }

    /// <summary>The largest memory of the process until the row was finished; null: not known.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>What each step of reinforcement learning saw.</summary>
    public IReadOnlyList<StepFigures> Steps { get; init; } = [];

    /// <summary>What came of each suite; none: the row was made for others to start from, and not measured.</summary>
    public required IReadOnlyList<SuiteResult> Suites { get; init; }

    /// <summary>Accuracy at several caps; null: not measured.</summary>
    public IReadOnlyList<CurvePoint>? Curve { get; init; }

    /// <summary>Median seconds of an answer decoded alone; null: not measured.</summary>
    public double? SecondsPerAnswer { get; init; }

    /// <summary>The row of a table.</summary>
    public SummaryRow ToSummary() => ToSummary([this]);

    /// <summary>The row of a table, from its seeds.</summary>
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

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, s_json) + "\n");

    /// <summary>Reads such a file.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
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

/// <summary>What a step of reinforcement learning saw.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Accuracy">Share of its responses that are correct.</param>
/// <param name="ParallelRatio">Share of them with a block.</param>
/// <param name="BlockPosition">Mean over blocks of where in the response they begin, 0 to 1; null: no blocks.</param>
/// <param name="TokensTotal">All response tokens.</param>
/// <param name="TokensCriticalPath">The same, counting only the longest path of each block.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="VerificationRatio">Share of blocks that check an answer which already stands before them; null: no blocks, or not counted.</param>
public sealed record StepFigures(int Step, double Accuracy, double ParallelRatio, double? BlockPosition, long TokensTotal, long TokensCriticalPath, double Seconds, double? VerificationRatio = null)
{
    /// <summary>The training steps of a run.</summary>
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
