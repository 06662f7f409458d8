namespace ParallelR1.Evaluation;

/// <summary>Difference in accuracy between two rows on the same problems of a suite, paired by problem.</summary>
/// <param name="A">The first row.</param>
/// <param name="B">The second row.</param>
/// <param name="Suite">The suite.</param>
/// <param name="Problems">Number of problems compared.</param>
/// <param name="Difference">Mean over problems of A's share of correct responses less B's, seeds averaged within a problem.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="PerSeed">The difference of each seed separately.</param>
public sealed record Comparison(string A, string B, string Suite, int Problems, double Difference, double Low, double High, IReadOnlyList<double> PerSeed)
{
    private const int Resamples = 10_000;

    /// <summary>Gets whether the difference of every seed has the sign of the mean.</summary>
    public bool SameSign => PerSeed.All(d => Math.Sign(d) == Math.Sign(Difference));

    /// <summary>Compares two rows. The interval is a percentile bootstrap that draws problems in pairs, each with all its seeds and samples.</summary>
    /// <param name="a">The one row's name, and its result for each seed.</param>
    /// <param name="b">The other's; the i-th seeds of both are set against each other.</param>
    /// <param name="which">Which problems count, by index; null: all.</param>
    /// <exception cref="UsageException">The two were not measured on the same number of problems, or not with the same number of seeds.</exception>
    public static Comparison Of(
        (string Name, IReadOnlyList<SuiteResult> Seeds) a, (string Name, IReadOnlyList<SuiteResult> Seeds) b, Func<int, bool>? which = null)
    {
        ArgumentNullException.ThrowIfNull(a.Seeds);
        ArgumentNullException.ThrowIfNull(b.Seeds);
        if (a.Seeds.Count == 0 || a.Seeds.Count != b.Seeds.Count)
            throw new UsageException($"{a.Name} has {a.Seeds.Count} seeds and {b.Name} has {b.Seeds.Count}; a comparison needs the same number of both, at least one");
        var (suite, count) = (a.Seeds[0].Name, a.Seeds[0].Correct.Count);
        if (a.Seeds.Concat(b.Seeds).FirstOrDefault(s => s.Name != suite || s.Correct.Count != count) is { } other)
            throw new UsageException($"{a.Name} and {b.Name} were measured on different problems: {count} of {suite}, and {other.Correct.Count} of {other.Name}");

        int[] problems = [.. Enumerable.Range(0, count).Where(p => which is null || which(p))];
        double[][] seeds = [.. a.Seeds.Zip(b.Seeds, (x, y) => problems.Select(p => Share(x, p) - Share(y, p)).ToArray())];
        double[] differences = [.. Enumerable.Range(0, problems.Length).Select(p => seeds.Average(seed => seed[p]))];
        var (low, high) = Statistics.Interval95(differences, RandomKey.FromSeed(0).Fold("comparison"), Resamples);
        return new Comparison(a.Name, b.Name, suite, problems.Length, Mean(differences), low, high, [.. seeds.Select(Mean)]);

        static double Share(SuiteResult result, int problem) => (double)result.Correct[problem] / result.Samples;
        static double Mean(double[] values) => values.Length > 0 ? values.Average() : 0;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{A} less {B} on {Problems} problems of {Suite}: {100 * Difference:+0.0;-0.0;0.0} points, 95 % interval {100 * Low:+0.0;-0.0;0.0} to {100 * High:+0.0;-0.0;0.0}; "
        + $"each seed: {string.Join(", ", PerSeed.Select(d => $"{100 * d:+0.0;-0.0;0.0}"))}";
}
