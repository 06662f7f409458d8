using ParallelR1.Torch;

namespace ParallelR1.Training.Policy;

/// <summary>
/// The clipped surrogate of PPO (Schulman et al. 2017, equation 7) with separate limits (DAPO; Yu et al. 2025, equation 10) and the dual
/// clip (Ye et al. 2020, equation 5). Tensors are flat, [tokens]: only tokens that carry loss.
/// </summary>
public static class PolicyLoss
{
    /// <summary>
    /// max(−A·ρ, −A·clip(ρ, 1 − low, 1 + high)) with ρ = exp(log p − log p_old); where A &lt; 0 at most −A·c. The gradient is 0 where a
    /// limit acts.
    /// </summary>
    /// <param name="logProb">Log-probabilities under the policy that learns [tokens].</param>
    /// <param name="oldLogProb">Log-probabilities under the policy that sampled [tokens].</param>
    /// <param name="advantages">Advantages [tokens].</param>
    /// <param name="options">The limits.</param>
    /// <returns>Losses [tokens].</returns>
    public static Tensor TokenLosses(Tensor logProb, Tensor oldLogProb, Tensor advantages, PolicyLossOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (plain, clipped) = Terms(logProb, oldLogProb, advantages, options);
        var loss = plain.Maximum(clipped);
        return options.DualClip is { } c ? loss.Minimum(advantages * -c).Where(advantages.Less(0), loss) : loss;
    }

    /// <summary>How many tokens the clip changed, and how many the dual clip.</summary>
    public static (int Clipped, int ClippedLower) ClipCounts(Tensor logProb, Tensor oldLogProb, Tensor advantages, PolicyLossOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var mode = GradMode.Off();
        using var scope = new TensorScope();
        var (plain, clipped) = Terms(logProb, oldLogProb, advantages, options);
        var lower = 0;
        if (options.DualClip is { } c)
            lower = Count(plain.Maximum(clipped).Greater(advantages * -c).And(advantages.Less(0)));
        return (Count(clipped.Greater(plain)), lower);
    }

    private static (Tensor Plain, Tensor Clipped) Terms(Tensor logProb, Tensor oldLogProb, Tensor advantages, PolicyLossOptions options)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentNullException.ThrowIfNull(oldLogProb);
        ArgumentNullException.ThrowIfNull(advantages);
        var ratio = (logProb - oldLogProb).Clamp(-options.LogRatioClamp, options.LogRatioClamp).Exp();
        var gain = -advantages;
        return (gain * ratio, gain * ratio.Clamp(1 - options.ClipLow, 1 + options.ClipHigh));
    }

    private static int Count(Tensor condition) => (int)condition.Sum().Item();
}
