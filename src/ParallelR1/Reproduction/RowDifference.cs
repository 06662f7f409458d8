using ParallelR1.Evaluation;
using ParallelR1.Training;

namespace ParallelR1.Reproduction;

/// <summary>
/// A figure of a row, or by how much it is larger than another's: mean over suites of the mean over problems, seeds averaged within a problem; the interval
/// resamples problems.
/// </summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="PerSeed">The value of each seed separately.</param>
internal sealed record RowDifference(double Value, double Low, double High, IReadOnlyList<double> PerSeed)
{
    private const int Resamples = 10_000;

    /// <summary>Share of a problem's responses that are correct.</summary>
    public static double Accuracy(SuiteResult suite, int problem) => (double)suite.Correct[problem] / suite.Samples;

    /// <summary>Share of a problem's responses with a block; where only their number is known, the same for all problems.</summary>
    public static double Parallel(SuiteResult suite, int problem) => suite.Opened is { } opened ? (double)opened[problem] / suite.Samples : suite.ParallelRatio;

    /// <summary>The figure of a row.</summary>
    public static RowDifference Of(IReadOnlyList<RowFigures> row, Func<SuiteResult, int, double> figure) =>
        Of([.. row.Select(seed => Values(seed, figure))]);

    /// <summary>By how much a row's figure is larger than another's, on the seeds that both have; null: they have none in common.</summary>
    public static RowDifference? Between(IReadOnlyList<RowFigures> a, IReadOnlyList<RowFigures> b, Func<SuiteResult, int, double> figure)
    {
        double[][][] seeds =
        [
            .. from x in a
               from y in b
               where x.Seed == y.Seed
               select Values(x, figure).Zip(Values(y, figure), (p, q) => p.Zip(q, (u, v) => u - v).ToArray()).ToArray(),
        ];
        return seeds.Length > 0 ? Of(seeds) : null;
    }

    // By seed, suite and problem.
    private static RowDifference Of(double[][][] seeds)
    {
        double[][] problems = [.. seeds[0].Select((suite, s) => suite.Select((_, p) => seeds.Average(seed => seed[s][p])).ToArray())];
        var (low, high) = Statistics.Interval95(problems, RandomKey.FromSeed(0).Fold("comparison"), Resamples);
        return new RowDifference(Mean(problems), low, high, [.. seeds.Select(Mean)]);
    }

    private static double[][] Values(RowFigures row, Func<SuiteResult, int, double> figure) =>
        [.. row.Suites.Select(suite => Enumerable.Range(0, suite.Correct.Count).Select(p => figure(suite, p)).ToArray())];

    private static double Mean(double[][] suites) => suites.Average(suite => suite.Average());
}
