namespace ParallelR1.Evaluation;

/// <summary>The figures of an evaluation, from the number of correct responses to each problem.</summary>
internal static class Statistics
{
    private const int Resamples = 5000;

    /// <summary>mean@k: mean over problems of correct / k.</summary>
    public static double MeanAtK(IReadOnlyList<int> correct, int samples)
    {
        ArgumentNullException.ThrowIfNull(correct);
        return correct.Count == 0 ? 0 : correct.Average(c => (double)c / samples);
    }

    /// <summary>pass@k: share of problems with a correct response among the k.</summary>
    public static double PassAtK(IReadOnlyList<int> correct)
    {
        ArgumentNullException.ThrowIfNull(correct);
        return correct.Count == 0 ? 0 : correct.Average(c => c > 0 ? 1.0 : 0);
    }

    /// <summary>
    /// The published pass@k: k draws with replacement from a problem's k responses, which gives 1 − (1 − c/k)^k for c correct ones.
    /// It lies below the true pass@k. (Published by 1,000 draws; here their expectation.)
    /// </summary>
    public static double PassAtKBootstrap(IReadOnlyList<int> correct, int samples)
    {
        ArgumentNullException.ThrowIfNull(correct);
        return correct.Count == 0 ? 0 : correct.Average(c => 1 - Math.Pow(1 - (double)c / samples, samples));
    }

    /// <summary>95 % percentile bootstrap interval of the mean of <paramref name="values"/> (one per problem), resampled over problems.</summary>
    public static (double Low, double High) Interval95(IReadOnlyList<double> values, RandomKey key, int resamples = Resamples)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            return (0, 0);
        var means = new double[resamples];
        for (var r = 0; r < means.Length; r++)
        {
            var draw = key.Fold(r);
            var sum = 0.0;
            for (var i = 0; i < values.Count; i++)
                sum += values[draw.Next(values.Count, i)];
            means[r] = sum / values.Count;
        }

        return Bounds95(means);
    }

    /// <summary>The bounds between which 95 % of resampled figures lie; sorts them.</summary>
    public static (double Low, double High) Bounds95(double[] resampled)
    {
        Array.Sort(resampled);
        return (Percentile(resampled, 0.025), Percentile(resampled, 0.975));
    }

    /// <summary>The same for the mean over several suites of their means; within each its problems are resampled.</summary>
    public static (double Low, double High) Interval95(IReadOnlyList<IReadOnlyList<double>> suites, RandomKey key, int resamples)
    {
        if (suites is [var only])
            return Interval95(only, key, resamples);
        var means = new double[resamples];
        for (var r = 0; r < means.Length; r++)
        {
            for (var s = 0; s < suites.Count; s++)
            {
                var (draw, sum) = (key.Fold(r).Fold(s), 0.0);
                for (var i = 0; i < suites[s].Count; i++)
                    sum += suites[s][draw.Next(suites[s].Count, i)];
                means[r] += sum / suites[s].Count / suites.Count;
            }
        }

        return Bounds95(means);
    }

    /// <summary>A percentile of sorted values, interpolated.</summary>
    public static double Percentile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var low = (int)at;
        var high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
