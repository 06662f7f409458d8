using ParallelR1.Torch;

namespace ParallelR1.Training.Policy;

/// <summary>Losses whose ratio belongs to the whole response. Tensors are flat, [tokens], only of tokens that carry loss.</summary>
internal static class SequencePolicyLoss
{
    private const double GspoLogRatioLimit = 10;

    /// <summary>
    /// GSPO (Zheng et al. 2025, arXiv:2507.18071, equations 7 and 14): s = exp(mean over the response of log p − log p_old), at most e¹⁰;
    /// max(−A·s, −A·clip(s, 1 − low, 1 + high)) for every token. By the stop-gradient form each token's own log-probability gets the
    /// gradient −A·s. There is no dual clip.
    /// </summary>
    /// <param name="logProb">Log-probabilities under the policy that learns [tokens].</param>
    /// <param name="meanLogRatios">For each token its response's mean of log p − log p_old over loss tokens [tokens].</param>
    /// <param name="advantages">Advantages [tokens].</param>
    /// <param name="options">The limits.</param>
    /// <returns>Losses [tokens].</returns>
    public static Tensor Gspo(Tensor logProb, Tensor meanLogRatios, Tensor advantages, PolicyLossOptions options)
    {
        PolicyLoss.Check(logProb, meanLogRatios, advantages, options);
        return PolicyLoss.Clipped(GspoRatio(logProb, meanLogRatios), advantages, options);
    }

    /// <summary>How many tokens the clip of GSPO changed.</summary>
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
