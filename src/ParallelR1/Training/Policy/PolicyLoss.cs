using ParallelR1.Torch;

namespace ParallelR1.Training.Policy;

/// <summary>
/// Computes losses of single tokens. Tensors are flat, [tokens], and contain only tokens that carry loss; log-probabilities are natural,
/// ρ = exp(clamp(log p − log p_old, ±20)).
/// </summary>
internal static class PolicyLoss
{
    /// <summary>Computes the loss of each token.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>PPO (Schulman et al. 2017, arXiv:1707.06347, equation 7) with separate limits (DAPO; Yu et al. 2025, arXiv:2503.14476,
    /// equation 10): L = max(−A·ρ, −A·clip(ρ, 1 − low, 1 + high)), and the dual clip (Ye et al. 2020, arXiv:1912.09729, equation 5):
    /// where A &lt; 0, min(L, −A·c). The gradient is 0 where a limit is active;</item>
    /// <item>CISPO (MiniMax 2025, arXiv:2506.13585, equation 4): −stop_gradient(clip(ρ, 1 − low, 1 + high))·A·log p;</item>
    /// <item>policy gradient (Williams 1992): −A·log p;</item>
    /// <item>on-policy (Native Parallel Reasoner, 2025): −A·p/stop_gradient(p).</item>
    /// </list>
    /// </remarks>
    /// <param name="logProb">Log-probabilities under the policy being trained [tokens].</param>
    /// <param name="oldLogProb">Log-probabilities under the policy that sampled the tokens [tokens].</param>
    /// <param name="advantages">Advantages [tokens].</param>
    /// <param name="options">The objective and its limits.</param>
    /// <returns>Losses [tokens].</returns>
    public static Tensor TokenLosses(Tensor logProb, Tensor oldLogProb, Tensor advantages, PolicyLossOptions options)
    {
        Check(logProb, oldLogProb, advantages, options);
        return options.Objective switch
        {
            PolicyObjective.Ppo => DualClipped(Clipped(Ratio(logProb, oldLogProb, options), advantages, options), advantages, options),
            PolicyObjective.Cispo => -(Clip(Ratio(logProb, oldLogProb, options), options).Detach() * advantages * logProb),
            PolicyObjective.PolicyGradient => -(logProb * advantages),
            PolicyObjective.OnPolicy => -(advantages * (logProb - logProb.Detach()).Exp()),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Objective, null),
        };
    }

    /// <summary>Counts the tokens whose loss is changed by the clip, and by the dual clip.</summary>
    public static (int Clipped, int ClippedLower) ClipCounts(Tensor logProb, Tensor oldLogProb, Tensor advantages, PolicyLossOptions options)
    {
        Check(logProb, oldLogProb, advantages, options);
        using var mode = GradMode.Off();
        using var scope = new TensorScope();
        var ratio = Ratio(logProb, oldLogProb, options);
        return options.Objective switch
        {
            PolicyObjective.Ppo => (ClippedCount(ratio, advantages, options), DualClippedCount(ratio, advantages, options)),
            PolicyObjective.Cispo => (Count(ratio.NotEqual(Clip(ratio, options))), 0),
            _ => (0, 0),
        };
    }

    /// <summary>Computes max(−A·ρ, −A·clip(ρ, 1 − low, 1 + high)).</summary>
    internal static Tensor Clipped(Tensor ratio, Tensor advantages, PolicyLossOptions options) =>
        (-advantages * ratio).Maximum(-advantages * Clip(ratio, options));

    internal static int ClippedCount(Tensor ratio, Tensor advantages, PolicyLossOptions options) =>
        Count((-advantages * Clip(ratio, options)).Greater(-advantages * ratio));

    internal static int Count(Tensor condition) => (int)condition.Sum().Item();

    internal static void Check(Tensor logProb, Tensor oldLogProb, Tensor advantages, PolicyLossOptions options)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentNullException.ThrowIfNull(oldLogProb);
        ArgumentNullException.ThrowIfNull(advantages);
        ArgumentNullException.ThrowIfNull(options);
    }

    private static Tensor DualClipped(Tensor loss, Tensor advantages, PolicyLossOptions options) =>
        options.DualClip is { } c ? loss.Minimum(advantages * -c).Where(advantages.Less(0), loss) : loss;

    private static int DualClippedCount(Tensor ratio, Tensor advantages, PolicyLossOptions options) => options.DualClip is { } c
        ? Count(Clipped(ratio, advantages, options).Greater(advantages * -c).And(advantages.Less(0)))
        : 0;

    private static Tensor Ratio(Tensor logProb, Tensor oldLogProb, PolicyLossOptions options) =>
        (logProb - oldLogProb).Clamp(-options.LogRatioClamp, options.LogRatioClamp).Exp();

    private static Tensor Clip(Tensor ratio, PolicyLossOptions options) => ratio.Clamp(1 - options.ClipLow, 1 + options.ClipHigh);
}

/// <summary>Options of the loss of a token: the objective and the limits of the probability ratio.</summary>
public sealed record PolicyLossOptions
{
    /// <summary>The objective, <see cref="PolicyObjective.Ppo"/> by default.</summary>
    public PolicyObjective Objective { get; init; } = PolicyObjective.Ppo;

    /// <summary>How far the ratio may fall below 1 before it is clipped, 0.2 by default.</summary>
    [Bounds(0, 1)]
    public double ClipLow { get; init => field = Options.Checked(this, value); } = 0.2;

    /// <summary>How far the ratio may rise above 1 before it is clipped, 0.2 by default.</summary>
    [Bounds(0)]
    public double ClipHigh { get; init => field = Options.Checked(this, value); } = 0.2;

    /// <summary>Upper bound on the ratio for tokens with a negative advantage, 3 by default; null for none.</summary>
    [Bounds(1)]
    public double? DualClip { get; init => field = Options.Checked(this, value); } = 3;

    /// <summary>Bound to which logarithms of ratios are clamped on both sides to avoid overflow, 20 by default.</summary>
    [Bounds(0, 80, Above = true)]
    public double LogRatioClamp { get; init => field = Options.Checked(this, value); } = 20;
}

/// <summary>The objective of a token, where ρ is the ratio of its probabilities under the policy being trained and the one that sampled it.</summary>
public enum PolicyObjective
{
    /// <summary>Clipped surrogate of PPO with the dual clip.</summary>
    Ppo,

    /// <summary>−stop_gradient(clip(ρ))·A·log p (CISPO): clipped tokens still have a gradient.</summary>
    Cispo,

    /// <summary>−A·log p (policy gradient): no ratio.</summary>
    PolicyGradient,

    /// <summary>−A·p/stop_gradient(p): strictly on-policy, without clipping.</summary>
    OnPolicy,

    /// <summary>Clipped surrogate with one ratio for the whole response (<see cref="SequencePolicyLoss.Gspo(Torch.Tensor, Torch.Tensor, Torch.Tensor, PolicyLossOptions)"/>).</summary>
    Gspo,
}
