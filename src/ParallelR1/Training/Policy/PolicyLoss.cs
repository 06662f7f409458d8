using ParallelR1.Torch;

namespace ParallelR1.Training.Policy;

/// <summary>
/// Losses of single tokens. Tensors are flat, [tokens], and hold only tokens that carry loss; log-probabilities are natural,
/// ρ = exp(clamp(log p − log p_old, ±20)).
/// </summary>
internal static class PolicyLoss
{
    /// <summary>The loss of each token.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>PPO (Schulman et al. 2017, arXiv:1707.06347, equation 7) with separate limits (DAPO; Yu et al. 2025, arXiv:2503.14476,
    /// equation 10): L = max(−A·ρ, −A·clip(ρ, 1 − low, 1 + high)), and the dual clip (Ye et al. 2020, arXiv:1912.09729, equation 5):
    /// where A &lt; 0, min(L, −A·c). The gradient is 0 where a limit acts;</item>
    /// <item>CISPO (MiniMax 2025, arXiv:2506.13585, equation 4): −stop_gradient(clip(ρ, 1 − low, 1 + high))·A·log p;</item>
    /// <item>policy gradient (Williams 1992): −A·log p;</item>
    /// <item>on-policy (Native Parallel Reasoner, 2025): −A·p/stop_gradient(p).</item>
    /// </list>
    /// </remarks>
    /// <param name="logProb">Log-probabilities under the policy that learns [tokens].</param>
    /// <param name="oldLogProb">Log-probabilities under the policy that sampled [tokens].</param>
    /// <param name="advantages">Advantages [tokens].</param>
    /// <param name="options">Which loss, and its limits.</param>
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

    /// <summary>How many tokens the clip changed, and how many the dual clip.</summary>
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

    /// <summary>max(−A·ρ, −A·clip(ρ, 1 − low, 1 + high)).</summary>
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

/// <summary>The loss of a token and the limits of its probability ratio.</summary>
public sealed record PolicyLossOptions
{
    /// <summary>Which loss.</summary>
    public PolicyObjective Objective { get; init; } = PolicyObjective.Ppo;

    /// <summary>How far the ratio may fall below 1.</summary>
    [Bounds(0, 1)]
    public double ClipLow { get; init => field = Options.Checked(this, value); } = 0.2;

    /// <summary>How far the ratio may rise above 1.</summary>
    [Bounds(0)]
    public double ClipHigh { get; init => field = Options.Checked(this, value); } = 0.2;

    /// <summary>Bound on the ratio where the advantage is negative; null: none.</summary>
    [Bounds(1)]
    public double? DualClip { get; init => field = Options.Checked(this, value); } = 3;

    /// <summary>Logarithms of ratios are cut at ± this value, so that no token overflows.</summary>
    [Bounds(0, 80, Above = true)]
    public double LogRatioClamp { get; init => field = Options.Checked(this, value); } = 20;
}

/// <summary>The loss of a token, given the ratio ρ of its probabilities under the policy that learns and the one that sampled.</summary>
public enum PolicyObjective
{
    /// <summary>Clipped surrogate of PPO with the dual clip.</summary>
    Ppo,

    /// <summary>−stop_gradient(clip(ρ))·A·log p (CISPO): clipping never silences a token.</summary>
    Cispo,

    /// <summary>−A·log p: no ratio at all.</summary>
    PolicyGradient,

    /// <summary>−A·p/stop_gradient(p): strictly on-policy, nothing is clipped.</summary>
    OnPolicy,

    /// <summary>Clipped surrogate with one ratio for the whole response (<see cref="SequencePolicyLoss.Gspo(Torch.Tensor, Torch.Tensor, Torch.Tensor, PolicyLossOptions)"/>).</summary>
    Gspo,
}
