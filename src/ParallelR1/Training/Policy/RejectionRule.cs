namespace ParallelR1.Training.Policy;

/// <summary>Excludes tokens or responses from the loss whose rollout differs too much from the trainer.</summary>
public sealed record RejectionRule : IOptionChecks
{
    private const double LogRatioClamp = 20;

    /// <summary>The statistic of each token, <see cref="RejectionStatistic.K1"/> by default.</summary>
    public RejectionStatistic Statistic { get; init; } = RejectionStatistic.K1;

    /// <summary>Whether tokens or responses are rejected, and by which aggregate; <see cref="RejectionScope.Token"/> by default.</summary>
    public RejectionScope Scope { get; init; } = RejectionScope.Token;

    /// <summary>With K1, the smallest probability ratio rollout/trainer that is kept; null (the default) for 1 / <see cref="High"/>.</summary>
    [Bounds(0, Above = true)]
    public double? Low { get; init => field = Options.Checked(this, value); }

    /// <summary>The largest value that is kept, 2 by default; with K1 a probability ratio rollout/trainer.</summary>
    [Bounds(0, Above = true)]
    public double High { get; init => field = Options.Checked(this, value); } = 2;

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        if (Statistic != RejectionStatistic.K1 && Low is not null)
            yield return ("low", "belongs to statistic: k1; k2 and k3 are never negative and have only 'high'");
        if (Low > High)
            yield return ("low", $"{Low} is more than high: {High}");
    }

    /// <summary>Marks rejected tokens as not kept.</summary>
    /// <param name="logRatios">l of each loss token, response after response.</param>
    /// <param name="lossTokensPerResponse">Number of loss tokens of each response.</param>
    /// <param name="kept">For each loss token, whether it is kept; set to false where the rule rejects it.</param>
    internal void Apply(ReadOnlySpan<double> logRatios, IReadOnlyList<int> lossTokensPerResponse, Span<bool> kept)
    {
        Options.Require(this);
        var (low, high) = Statistic == RejectionStatistic.K1 ? (Math.Log(Low ?? 1 / High), Math.Log(High)) : (double.NegativeInfinity, High);
        foreach (var (_, start, count) in TokenAdvantages.Responses(lossTokensPerResponse))
        {
            var values = new double[count];
            for (var t = 0; t < count; t++)
                values[t] = Measure(Math.Clamp(logRatios[start + t], -LogRatioClamp, LogRatioClamp));
            var whole = count > 0 && Scope != RejectionScope.Token ? Judged(values) : 0;
            for (var t = 0; t < count; t++)
            {
                var value = Scope == RejectionScope.Token ? values[t] : whole;
                kept[start + t] &= value >= low && value <= high;
            }
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
}

/// <summary>What a rejection rule accepts or rejects as a unit.</summary>
public enum RejectionScope
{
    /// <summary>Each token, by its own value.</summary>
    Token,

    /// <summary>The response, by the sum over its loss tokens.</summary>
    SequenceSum,

    /// <summary>The response, by the mean over its loss tokens.</summary>
    SequenceMean,

    /// <summary>The response, by the maximum over its loss tokens.</summary>
    SequenceMax,
}

/// <summary>The statistic of a token that measures how far the rollout is from the trainer, with l = log p(trainer) − log p(rollout), clamped to ±20.</summary>
public enum RejectionStatistic
{
    /// <summary>−l.</summary>
    K1,

    /// <summary>l²/2.</summary>
    K2,

    /// <summary>exp(l) − 1 − l.</summary>
    K3,
}
