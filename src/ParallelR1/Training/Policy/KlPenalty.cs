using ParallelR1.Torch;

namespace ParallelR1.Training.Policy;

/// <summary>Estimates the KL divergence from a reference policy, as a term of the loss.</summary>
internal static class KlPenalty
{
    private const double LogRatioClamp = 20;
    private const double K3Clamp = 10;

    /// <summary>Computes the estimate at each token.</summary>
    /// <param name="logProb">Log-probabilities under the policy being trained [tokens].</param>
    /// <param name="refLogProb">Log-probabilities under the reference policy [tokens].</param>
    /// <param name="estimator">The estimator.</param>
    /// <returns>Estimates [tokens], in nats.</returns>
    public static Tensor PerToken(Tensor logProb, Tensor refLogProb, KlEstimator estimator)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentNullException.ThrowIfNull(refLogProb);
        return estimator switch
        {
            KlEstimator.K1 => logProb - refLogProb,
            KlEstimator.Abs => (logProb - refLogProb).Abs(),
            KlEstimator.K2 => K2(logProb - refLogProb),
            KlEstimator.K3 => K3((refLogProb - logProb).Clamp(-LogRatioClamp, LogRatioClamp)),
            KlEstimator.K1StraightThrough => WithGradientOfK2(KlEstimator.K1),
            KlEstimator.K3StraightThrough => WithGradientOfK2(KlEstimator.K3),
            _ => throw new ArgumentOutOfRangeException(nameof(estimator), estimator, null),
        };

        Tensor WithGradientOfK2(KlEstimator value)
        {
            var k2 = PerToken(logProb, refLogProb, KlEstimator.K2);
            return k2 - k2.Detach() + PerToken(logProb, refLogProb, value).Detach();
        }
    }

    private static Tensor K2(Tensor difference) => difference * difference * 0.5;

    private static Tensor K3(Tensor difference) => (difference.Exp() - difference + -1).Clamp(-K3Clamp, K3Clamp);
}

/// <summary>
/// Estimators of the KL divergence from a reference policy at a sampled token (Schulman 2020, "Approximating KL divergence"), with
/// d = log p − log p_ref.
/// </summary>
public enum KlEstimator
{
    /// <summary>d: unbiased, can be negative.</summary>
    K1,

    /// <summary>|d|.</summary>
    Abs,

    /// <summary>d²/2: its gradient estimates that of the divergence.</summary>
    K2,

    /// <summary>exp(−d) + d − 1: unbiased, never negative. −d is clamped to ±20 and the result to ±10.</summary>
    K3,

    /// <summary>The value of K1 with the gradient of K2.</summary>
    K1StraightThrough,

    /// <summary>The value of K3 with the gradient of K2.</summary>
    K3StraightThrough,
}
