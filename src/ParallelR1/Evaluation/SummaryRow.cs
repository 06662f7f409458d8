namespace ParallelR1.Evaluation;

/// <summary>One row of the summary table: a model, measured on some suites, with one or several seeds.</summary>
public sealed record SummaryRow
{
    /// <summary>The row's name.</summary>
    public required string Name { get; init; }

    /// <summary>The recipe that made the model; null for an evaluation alone.</summary>
    public string? Recipe { get; init; }

    /// <summary>The recipe's scale; null for an evaluation alone.</summary>
    public string? Scale { get; init; }

    /// <summary>The seeds.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [];

    /// <summary>Gets the name of the grader.</summary>
    public required string Grader { get; init; }

    /// <summary>Share of responses with at least one block, over all suites.</summary>
    public double ParallelRatio { get; init; }

    /// <summary>Share of responses with at least one block that pass the reward validator, over all suites.</summary>
    public double WellFormedRatio { get; init; }

    /// <summary>The suites, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, SuiteSummary>> Suites { get; init; } = [];

    /// <summary>Gets the maximum number of response tokens on the critical path; null if there is no separate limit, or it is not known.</summary>
    public int? Cap { get; init; }

    /// <summary>Gets the type that the evaluation was computed in; null if not known.</summary>
    public string? Dtype { get; init; }

    /// <summary>The processor; null: not known.</summary>
    public string? Processor { get; init; }

    /// <summary>Gets the median seconds per answer, decoded one at a time; null if not measured.</summary>
    public double? SecondsPerAnswer { get; init; }

    /// <summary>Mean over the suites of mean@k.</summary>
    public double? Average => Suites.Count > 0 ? Suites.Average(s => s.Value.MeanAtK) : null;

    /// <summary>All response tokens.</summary>
    public long TokensTotal { get; init; }

    /// <summary>The same, counting only the longest path of each block.</summary>
    public long TokensCriticalPath { get; init; }

    /// <summary>Gets the mean number of response tokens per answer.</summary>
    public double TokensPerAnswer => TokensTotal / Answers;

    /// <summary>Gets the mean number of tokens per answer on the critical path.</summary>
    public double CriticalPerAnswer => TokensCriticalPath / Answers;

    private double Answers => Math.Max(1, Math.Max(1, Seeds.Count) * Suites.Sum(s => (double)s.Value.Problems * s.Value.Samples));

    /// <summary>Seconds of the evaluation.</summary>
    public double WallSeconds { get; init; }

    /// <summary>Gets the ratio of all tokens to those on the critical path.</summary>
    public double Acceleration => TokensCriticalPath > 0 ? (double)TokensTotal / TokensCriticalPath : 1;

    /// <summary>Combines results into a row. With several seeds, a problem's value is its mean over them, and counts are summed.</summary>
    /// <param name="name">The row's name.</param>
    /// <param name="recipe">The recipe; null for an evaluation alone.</param>
    /// <param name="scale">Its scale; null for an evaluation alone.</param>
    /// <param name="grader">The grader's name.</param>
    /// <param name="results">For every seed the results of the suites.</param>
    public static SummaryRow Create(
        string name, string? recipe, string? scale, string grader, IReadOnlyList<(long Seed, IReadOnlyList<SuiteResult> Suites)> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Any(r => r.Suites.DistinctBy(s => s.Name).Count() < r.Suites.Count))
            throw new ArgumentException("two suites of one seed have the same name");
        var all = results.SelectMany(r => r.Suites).ToList();
        var responses = Math.Max(1, all.Sum(s => (long)s.Responses));
        return new SummaryRow
        {
            Name = name,
            Recipe = recipe,
            Scale = scale,
            Seeds = [.. results.Select(r => r.Seed)],
            Grader = grader,
            ParallelRatio = (double)all.Sum(s => (long)s.WithBlock) / responses,
            WellFormedRatio = (double)all.Sum(s => (long)s.WellFormed) / responses,
            Suites = [.. all.GroupBy(s => s.Name).Select(g => KeyValuePair.Create(g.Key, Summarise([.. g])))],
            TokensTotal = all.Sum(s => s.TokensTotal),
            TokensCriticalPath = all.Sum(s => s.TokensCriticalPath),
            WallSeconds = all.Sum(s => s.WallSeconds),
        };
    }

    private static SuiteSummary Summarise(List<SuiteResult> seeds)
    {
        var (problems, samples) = (seeds[0].Correct.Count, seeds[0].Samples);
        if (seeds.Any(s => s.Correct.Count != problems || s.Samples != samples))
            throw new ArgumentException($"the seeds of {seeds[0].Name} have different numbers of problems or samples");
        double[] means = [.. Enumerable.Range(0, problems).Select(p => seeds.Average(s => (double)s.Correct[p] / samples))];
        var figures = seeds.Aggregate(default(BlockFigures), (sum, seed) => sum + seed.Figures);
        int responses = seeds.Sum(s => s.Responses), blocks = seeds.Sum(s => s.Blocks);
        var (low, high) = Statistics.Interval95(means, RandomKey.FromSeed(0).Fold("ci95"));
        return new SuiteSummary
        {
            Problems = problems,
            Samples = samples,
            MeanAtK = seeds.Average(s => s.MeanAtK),
            PassAtK = seeds.Average(s => s.PassAtK),
            PerSeed = [.. seeds.Select(s => s.MeanAtK)],
            PassAtKBootstrap = seeds.Average(s => Statistics.PassAtKBootstrap(s.Correct, samples)),
            Low = low,
            High = high,
            NoAnswerRatio = seeds.Average(s => (double)s.NoAnswer / s.Responses),
            UndecidedRatio = seeds.Average(s => (double)s.Undecided / s.Responses),
            CutRatio = (double)seeds.Sum(s => s.CutByLength) / responses,
            Blocks = (double)blocks / responses,
            BlockPosition = blocks > 0 ? seeds.Sum(s => s.Blocks * s.BlockPosition.GetValueOrDefault()) / blocks : null,
            PathsDiffer = figures.PathsDiffer,
            PathOracle = figures.PathOracle,
            SummaryTakesRight = figures.SummaryTakesRight,
            PathAgreement = figures.PathAgreement,
            VerificationRatio = figures.VerificationRatio,
        };
    }
}
