namespace ParallelR1.Training.Policy;

/// <summary>The loss of a token and the limits of its probability ratio.</summary>
public sealed record PolicyLossOptions
{
    /// <summary>Which loss.</summary>
    public PolicyObjective Objective { get; init; } = PolicyObjective.Ppo;

    /// <summary>How far the ratio may fall below 1.</summary>
    public double ClipLow { get; init; } = 0.2;

    /// <summary>How far the ratio may rise above 1.</summary>
    public double ClipHigh { get; init; } = 0.2;

    /// <summary>Bound on the ratio where the advantage is negative; null: none.</summary>
    public double? DualClip { get; init; } = 3;

    /// <summary>Logarithms of ratios are cut at ± this value, so that no token overflows.</summary>
    public double LogRatioClamp { get; init; } = 20;
}
