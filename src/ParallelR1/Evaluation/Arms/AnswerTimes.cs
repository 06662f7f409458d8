namespace ParallelR1.Evaluation.Arms;

/// <summary>Seconds an answer at one sequence: the same problems in every round, the arms in turns, in one process.</summary>
/// <param name="Arms">The arm first, then the control at its best cap, then the control at the smallest cap that reaches the same accuracy.</param>
/// <param name="Ratio">Seconds of the arm over those of the control at its best cap.</param>
/// <param name="RatioLow">Lower end of its 95 % interval, over problems.</param>
/// <param name="RatioHigh">Upper end of it.</param>
/// <param name="StrictRatio">The same over the control at the smallest cap that reaches the accuracy.</param>
public sealed record AnswerTimes(IReadOnlyList<TimedArm> Arms, double Ratio, double RatioLow, double RatioHigh, double StrictRatio)
{
    private const int Resamples = 10_000;

    /// <summary>Puts measured seconds together.</summary>
    /// <param name="arms">As for <see cref="Arms"/>: name, cap, and seconds of each round and problem.</param>
    internal static AnswerTimes Of(IReadOnlyList<(string Name, int Cap, double[][] Seconds)> arms)
    {
        TimedArm[] timed = [.. arms.Select(a => new TimedArm(a.Name, a.Cap, Median([.. a.Seconds.Select(round => round.Average())]), [.. a.Seconds.Select(round => round.Average())]))];
        double[] one = PerProblem(arms[0].Seconds), other = PerProblem(arms[1].Seconds);
        var key = RandomKey.FromSeed(0).Fold("seconds");
        var ratios = new double[Resamples];
        for (var r = 0; r < Resamples; r++)
        {
            var draw = key.Fold(r);
            var (a, b) = (0.0, 0.0);
            for (var i = 0; i < one.Length; i++)
            {
                var problem = draw.Next(one.Length, i);
                (a, b) = (a + one[problem], b + other[problem]);
            }

            ratios[r] = a / b;
        }

        Array.Sort(ratios);
        return new AnswerTimes(timed, timed[0].Median / timed[1].Median, Statistics.Percentile(ratios, 0.025), Statistics.Percentile(ratios, 0.975), timed[0].Median / timed[^1].Median);
    }

    private static double[] PerProblem(double[][] rounds) =>
        [.. Enumerable.Range(0, rounds[0].Length).Select(p => Median([.. rounds.Select(round => round[p])]))];

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return Statistics.Percentile(values, 0.5);
    }
}

/// <summary>An arm that was timed.</summary>
/// <param name="Name">The arm.</param>
/// <param name="Cap">Its cap.</param>
/// <param name="Median">Median over rounds of the mean seconds an answer.</param>
/// <param name="Rounds">The mean seconds an answer of each round.</param>
public sealed record TimedArm(string Name, int Cap, double Median, IReadOnlyList<double> Rounds);
