using ParallelR1.Torch;

namespace ParallelR1.Training.Policy;

/// <summary>Computes losses with one ratio per response. Tensors are flat, [tokens], and contain only tokens that carry loss.</summary>
internal static class SequencePolicyLoss
{
    private const double GspoLogRatioLimit = 10;

    /// <summary>
    /// GSPO (Zheng et al. 2025, arXiv:2507.18071, equations 7 and 14): s = exp(mean over the response of log p − log p_old), at most e¹⁰;
    /// max(−A·s, −A·clip(s, 1 − low, 1 + high)) for every token. By the stop-gradient form, the gradient with respect to each token's own
    /// log-probability is −A·s. There is no dual clip.
    /// </summary>
    /// <param name="logProb">Log-probabilities under the policy being trained [tokens].</param>
    /// <param name="meanLogRatios">For each token, the mean of log p − log p_old over the loss tokens of its response [tokens].</param>
    /// <param name="advantages">Advantages [tokens].</param>
    /// <param name="options">The limits of the ratio.</param>
    /// <returns>Losses [tokens].</returns>
    public static Tensor Gspo(Tensor logProb, Tensor meanLogRatios, Tensor advantages, PolicyLossOptions options)
    {
        PolicyLoss.Check(logProb, meanLogRatios, advantages, options);
        return PolicyLoss.Clipped(GspoRatio(logProb, meanLogRatios), advantages, options);
    }

    /// <summary>Counts the tokens whose loss is changed by the clip of GSPO.</summary>
    public static int GspoClipCount(Tensor logProb, Tensor meanLogRatios, Tensor advantages, PolicyLossOptions options)
    {
        PolicyLoss.Check(logProb, meanLogRatios, advantages, options);
        using var mode = GradMode.Off();
        using var scope = new TensorScope();
        return PolicyLoss.ClippedCount(GspoRatio(logProb, meanLogRatios), advantages, options);
    }

    private static Tensor GspoRatio(Tensor logProb, Tensor meanLogRatios) =>
        (logProb - logProb.Detach() + meanLogRatios).Clamp(double.NegativeInfinity, GspoLogRatioLimit).Exp();
}
