namespace ParallelR1.Training.Policy;

/// <summary>The loss of a policy step, and how it is computed.</summary>
public sealed record PolicyStepOptions
{
    /// <summary>The loss of a token and the limits of its ratio.</summary>
    public PolicyLossOptions Loss { get; init; } = new();

    /// <summary>How token losses become one number.</summary>
    public LossAggregation Aggregation { get; init; } = LossAggregation.TokenMean;

    /// <summary>Divisor of <see cref="LossAggregation.SeqMeanTokenSumNorm"/>.</summary>
    public int MaxResponseLength { get; init; } = 3000;

    /// <summary>Weight of the entropy bonus.</summary>
    public double EntropyCoefficient { get; init; }

    /// <summary>Weight of the divergence from the reference policy.</summary>
    public double KlCoefficient { get; init; }

    /// <summary>How that divergence is estimated.</summary>
    public KlEstimator KlEstimator { get; init; } = KlEstimator.K3;

    /// <summary>Tokens computed at once; the result does not depend on it, memory does.</summary>
    public int MicroBatchTokens { get; init; } = 8192;

    /// <summary>Compute a prompt once for all its responses of a micro-batch.</summary>
    public bool SharePrompts { get; init; }

    /// <summary>Compute each layer again for its gradient, to save memory.</summary>
    public bool Recompute { get; init; }
}
