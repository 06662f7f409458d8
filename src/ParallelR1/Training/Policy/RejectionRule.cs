namespace ParallelR1.Training.Policy;

/// <summary>Takes tokens or responses out of the loss whose rollout differs too much from the trainer.</summary>
/// <param name="Statistic">What is measured at each token.</param>
/// <param name="Scope">What is judged.</param>
/// <param name="Low">Smallest value that passes.</param>
/// <param name="High">Largest value that passes.</param>
public sealed record RejectionRule(RejectionStatistic Statistic, RejectionScope Scope, double Low, double High)
{
    private const double LogRatioClamp = 20;

    /// <summary>A rule on K1 whose limits are probability ratios: log low ≤ −l ≤ log high.</summary>
    public static RejectionRule OfRatios(RejectionScope scope, double low, double high) =>
        new(RejectionStatistic.K1, scope, Math.Log(low), Math.Log(high));

    /// <summary>A rule on K2 or K3, which are never negative: up to a limit.</summary>
    public static RejectionRule UpTo(RejectionStatistic statistic, RejectionScope scope, double high) =>
        new(statistic, scope, double.NegativeInfinity, high);

    /// <summary>Marks what fails as not kept.</summary>
    /// <param name="logRatios">l at each loss token, response after response.</param>
    /// <param name="lossTokensPerResponse">Number of loss tokens of each response.</param>
    /// <param name="kept">Which tokens are kept so far.</param>
    internal void Apply(ReadOnlySpan<double> logRatios, IReadOnlyList<int> lossTokensPerResponse, Span<bool> kept)
    {
        foreach (var (_, start, count) in TokenAdvantages.Responses(lossTokensPerResponse))
        {
            var values = new double[count];
            for (var t = 0; t < count; t++)
                values[t] = Measure(Math.Clamp(logRatios[start + t], -LogRatioClamp, LogRatioClamp));
            var whole = count > 0 && Scope != RejectionScope.Token ? Judged(values) : 0;
            for (var t = 0; t < count; t++)
                kept[start + t] &= Passes(Scope == RejectionScope.Token ? values[t] : whole);
        }
    }

    private double Measure(double l) => Statistic switch
    {
        RejectionStatistic.K1 => -l,
        RejectionStatistic.K2 => l * l / 2,
        _ => Math.Exp(l) - 1 - l,
    };

    private double Judged(double[] values) => Scope switch
    {
        RejectionScope.SequenceSum => values.Sum(),
        RejectionScope.SequenceMean => values.Average(),
        _ => values.Max(),
    };

    private bool Passes(double value) => value >= Low && value <= High;
}

/// <summary>What is judged by a rejection rule.</summary>
public enum RejectionScope
{
    /// <summary>Each token by itself.</summary>
    Token,

    /// <summary>The response, by the sum over its loss tokens.</summary>
    SequenceSum,

    /// <summary>The response, by the mean over its loss tokens.</summary>
    SequenceMean,

    /// <summary>The response, by its worst loss token.</summary>
    SequenceMax,
}

/// <summary>Divergence of rollout from trainer at a token, with l = log p(trainer) − log p(rollout), cut at ±20.</summary>
public enum RejectionStatistic
{
    /// <summary>−l.</summary>
    K1,

    /// <summary>l²/2.</summary>
    K2,

    /// <summary>exp(l) − 1 − l.</summary>
    K3,
}
