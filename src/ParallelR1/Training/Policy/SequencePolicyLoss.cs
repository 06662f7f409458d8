using ParallelR1.Torch;

namespace ParallelR1.Training.Policy;

/// <summary>Losses whose ratio belongs to the whole response. Tensors are flat, [tokens], only of tokens that carry loss; rows must be whole.</summary>
public static class SequencePolicyLoss
{
    private const double GspoLogRatioLimit = 10;

    /// <summary>
    /// GSPO (Zheng et al. 2025, arXiv:2507.18071, equations 7 and 14): s = exp(mean over the row of log p − log p_old), at most e¹⁰;
    /// max(−A·s, −A·clip(s, 1 − low, 1 + high)) for every token. By the stop-gradient form each token's own log-probability gets the
    /// gradient −A·s. There is no dual clip.
    /// </summary>
    /// <returns>Losses [tokens].</returns>
    public static Tensor Gspo(Tensor logProb, Tensor oldLogProb, Tensor advantages, TokenRows rows, PolicyLossOptions options)
    {
        PolicyLoss.Check(logProb, oldLogProb, advantages, options);
        return Gspo(logProb, MeanLogRatios(logProb, oldLogProb, rows), advantages, options);
    }

    /// <summary>The same where rows are not whole: the response's mean of log p − log p_old is given for each token [tokens].</summary>
    /// <returns>Losses [tokens].</returns>
    public static Tensor Gspo(Tensor logProb, Tensor meanLogRatios, Tensor advantages, PolicyLossOptions options)
    {
        PolicyLoss.Check(logProb, meanLogRatios, advantages, options);
        return PolicyLoss.Clipped(GspoRatio(logProb, meanLogRatios), advantages, options);
    }

    /// <summary>How many tokens the clip of GSPO changed.</summary>
    public static int GspoClipCount(Tensor logProb, Tensor oldLogProb, Tensor advantages, TokenRows rows, PolicyLossOptions options)
    {
        PolicyLoss.Check(logProb, oldLogProb, advantages, options);
        using var scope = new TensorScope();
        return GspoClipCount(logProb, MeanLogRatios(logProb, oldLogProb, rows), advantages, options);
    }

    /// <summary>The same where rows are not whole.</summary>
    public static int GspoClipCount(Tensor logProb, Tensor meanLogRatios, Tensor advantages, PolicyLossOptions options)
    {
        PolicyLoss.Check(logProb, meanLogRatios, advantages, options);
        using var mode = GradMode.Off();
        using var scope = new TensorScope();
        return PolicyLoss.ClippedCount(GspoRatio(logProb, meanLogRatios), advantages, options);
    }

    /// <summary>
    /// GMPO (Zhao et al. 2025, arXiv:2507.20673, equation 4): log ratios, cut at [−low, high] on the side where the policy would gain,
    /// averaged over the row and exponentiated; times −A, the mean advantage of the row.
    /// </summary>
    /// <returns>Losses of rows [rows]; the loss of the batch is their mean.</returns>
    public static Tensor GeometricMean(Tensor logProb, Tensor oldLogProb, Tensor advantages, TokenRows rows, PolicyLossOptions options)
    {
        PolicyLoss.Check(logProb, oldLogProb, advantages, options);
        ArgumentNullException.ThrowIfNull(rows);
        var difference = logProb - oldLogProb;
        var sign = advantages.Sign();
        var cut = sign * (sign * difference).Minimum(sign * difference.Clamp(-options.ClipLow, options.ClipHigh));
        return -rows.Mean(advantages, TokenStatistics.Epsilon) * rows.Mean(cut, TokenStatistics.Epsilon).Exp();
    }

    /// <summary>How many tokens' log ratios lie outside the limits of GMPO, with a positive and with a negative advantage.</summary>
    public static (int Clipped, int ClippedLower) GeometricMeanClipCounts(
        Tensor logProb, Tensor oldLogProb, Tensor advantages, PolicyLossOptions options)
    {
        PolicyLoss.Check(logProb, oldLogProb, advantages, options);
        using var mode = GradMode.Off();
        using var scope = new TensorScope();
        var difference = logProb - oldLogProb;
        var outside = difference.NotEqual(difference.Clamp(-options.ClipLow, options.ClipHigh));
        return (PolicyLoss.Count(outside.And((-advantages).Less(0))), PolicyLoss.Count(outside.And(advantages.Less(0))));
    }

    private static Tensor MeanLogRatios(Tensor logProb, Tensor oldLogProb, TokenRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Expand(rows.Mean((logProb - oldLogProb).Detach()));
    }

    private static Tensor GspoRatio(Tensor logProb, Tensor meanLogRatios) =>
        (logProb - logProb.Detach() + meanLogRatios).Clamp(double.NegativeInfinity, GspoLogRatioLimit).Exp();
}
