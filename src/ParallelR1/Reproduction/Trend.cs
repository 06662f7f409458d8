using ParallelR1.Evaluation;

namespace ParallelR1.Reproduction;

/// <summary>The slope of a figure over the steps of several runs.</summary>
internal static class Trend
{
    private const int Resamples = 10_000;
    private const int Stretch = 5;

    /// <summary>
    /// The mean over runs of their least-squares slopes. The interval is a percentile bootstrap over stretches of five steps, because neighbouring steps
    /// are alike.
    /// </summary>
    /// <param name="runs">Step and value of each run; at least two steps each.</param>
    public static RowDifference Of(IReadOnlyList<IReadOnlyList<(double Step, double Value)>> runs)
    {
        double[] slopes = [.. runs.Select(run => Slope(run))];
        var stretches = runs.Select(run => run.Chunk(Math.Max(1, Math.Min(Stretch, run.Count / 4))).ToArray()).ToArray();
        var key = RandomKey.FromSeed(0).Fold("trend");
        var draws = new double[Resamples];
        for (var r = 0; r < draws.Length; r++)
        {
            for (var run = 0; run < stretches.Length; run++)
            {
                var (draw, parts) = (key.Fold(r).Fold(run), stretches[run]);
                draws[r] += Slope([.. Enumerable.Range(0, parts.Length).SelectMany(i => parts[draw.Next(parts.Length, i)])]) / stretches.Length;
            }
        }

        var (low, high) = Statistics.Bounds95(draws);
        return new RowDifference(slopes.Average(), low, high, slopes);
    }

    /// <summary>The least-squares slope; 0 where all steps are one.</summary>
    private static double Slope(IReadOnlyList<(double Step, double Value)> points)
    {
        var (step, value) = (points.Average(p => p.Step), points.Average(p => p.Value));
        var spread = points.Sum(p => (p.Step - step) * (p.Step - step));
        return spread > 0 ? points.Sum(p => (p.Step - step) * (p.Value - value)) / spread : 0;
    }
}
