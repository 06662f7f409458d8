using ParallelR1.Evaluation;
using ParallelR1.Runs.Reports;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Cli.Pipelines;

/// <summary>
/// The curriculum at mini scale, small enough to be watched: the base model, cold start and reinforcement learning in blocks, and the same without
/// blocks as a control, all measured on hard problems under one cap on the critical path.
/// </summary>
/// <param name="output">Where everything goes; an interrupted run in it is resumed.</param>
/// <param name="seed">Of all stages and evaluations.</param>
/// <param name="ends">Recipes of reinforcement learning; what they come after is trained first.</param>
/// <param name="observer">Watches.</param>
/// <param name="dtype">A type in place of the recipes' own; null: theirs.</param>
internal sealed class Quickstart(string output, long seed, IReadOnlyList<string> ends, IRunObserver observer, string? dtype = null)
{
    /// <summary>The recipes that are run unless others are asked for.</summary>
    public static readonly string[] Standard = ["mini/rl-s2-numbered", "mini/control"];

    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private Curriculum? _curriculum;

    private Curriculum Curriculum => _curriculum ??= Create();

    /// <summary>Fewer examples, steps and problems than the recipes have by themselves, so that it ends in minutes.</summary>
    private IReadOnlyList<string> Settings(RecipeStage stage) =>
    [
        $"seed={seed}",
        .. dtype is null ? [] : new[] { $"model.dtype={dtype}" },
        stage == RecipeStage.Sft ? "data.limit=9600" : "rl.steps=24",
        "evaluation={grader: strict, suites: [{suite: synthetic-hard-test, samples: 4, limit: 100}]}",
    ];

    /// <summary>How many rows are made side by side here.</summary>
    public int Jobs => Math.Min(ends.Count, Curriculum.JobsHere(RecipeScale.Mini));

    /// <summary>The command of a process that makes some of the rows; null: nothing is to be made, or no two of them side by side.</summary>
    public IReadOnlyList<string>? Worker()
    {
        var (dtype, isFinished) = Curriculum.Check();
        return isFinished || Jobs == 1 ? null
            : ["quickstart", "--out", output, "--seed", $"{seed}", "--dtype", dtype.ToString().ToLowerInvariant(), .. ends.SelectMany(end => new[] { "--rl", end })];
    }

    /// <summary>Makes what no other process is at, without the table.</summary>
    public Task WorkAsync(CancellationToken cancellation) => Curriculum.WorkAsync(cancellation);

    /// <summary>Runs it and writes <c>summary.json</c> and <c>report.html</c>.</summary>
    /// <returns>The rows of the table, and how they compare.</returns>
    public async Task<(IReadOnlyList<SummaryRow> Rows, IReadOnlyList<Comparison> Comparisons)> RunAsync(CancellationToken cancellation)
    {
        var figures = await Curriculum.RunAsync(cancellation).ConfigureAwait(false);
        IReadOnlyList<SummaryRow> rows = [.. figures.Select(row => row.ToSummary())];
        var comparisons = Compare(figures);
        var summary = Path.Combine(output, "summary.json");
        SummaryJson.Write(summary, rows, comparisons);
        ReportPage.Write(Path.Combine(output, "report.html"), [summary, .. Curriculum.Runs]);
        observer.Say($"{TimeProvider.System.GetElapsedTime(_begun).TotalMinutes:0.0} minutes without building: {string.Join(", ", figures.Select(Times))}");
        return (rows, comparisons);
    }

    private Curriculum Create()
    {
        if (ends.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"--rl: '{twice.Key}' is given twice; give each recipe once");
        var planned = Curriculum.Plan(ends, Settings);
        if (planned.FirstOrDefault(row => ends.Contains(row.RecipeName) && row.Recipe.Stage != RecipeStage.Rl) is { } other)
            throw new UsageException($"{other.RecipeName}: a recipe for the stage 'sft', expected one for 'rl'");
        return new Curriculum(output, [Base(planned), .. planned], observer);
    }

    /// <summary>The model that the first row starts from, without blocks, under the same cap.</summary>
    private static CurriculumRow Base(IReadOnlyList<CurriculumRow> planned)
    {
        var first = planned[0].Recipe;
        var recipe = first with
        {
            Name = "base",
            Model = first.Model with { FreshTags = false },
            Rollout = first.Rollout with { Parallel = false, NumberPaths = null, MaxTokens = first.Rollout.Cap ?? first.Rollout.MaxTokens, CriticalTokens = 0 },
        };
        return new CurriculumRow("base", "mini/base", recipe, null, Trained: false);
    }

    // The rows with blocks against those without, on the same problems.
    private List<Comparison> Compare(IReadOnlyList<RowFigures> figures)
    {
        var comparisons = new List<Comparison>();
        foreach (var parallel in figures.Where(row => ends.Contains(row.Recipe) && row.Suites[0].ParallelRatio > 0))
        {
            foreach (var other in figures.Where(row => row.Name is "control" or "base"))
                comparisons.Add(Comparison.Of((parallel.Name, [parallel.Suites[0]]), (other.Name, [other.Suites[0]])));
        }

        return comparisons;
    }

    private static string Times(RowFigures row) =>
        $"{row.Name} {(row.TrainSeconds is { } train ? $"{train:0} + " : "")}{row.Suites.Sum(suite => suite.WallSeconds):0} s";
}
