using System.Diagnostics;

namespace ParallelR1.Cli.Benchmarks;

/// <summary>Times several ways of doing the same, in turns, so that whatever else the machine does touches all alike.</summary>
internal static class Stretch
{
    /// <summary>The shortest time of each, in seconds. Each returns its own seconds.</summary>
    public static double[] Shortest(int rounds, CancellationToken cancellation, params Func<double>[] ways)
    {
        var best = Enumerable.Repeat(double.PositiveInfinity, ways.Length).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var seconds = ways[i]();
                if (round > 0) // the first warms up
                    best[i] = Math.Min(best[i], seconds);
            }
        }

        return best;
    }

    /// <summary>The middle one of some values, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The seconds that something takes.</summary>
    public static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
