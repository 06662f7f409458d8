namespace ParallelR1.Rewards;

/// <summary>Alternation over steps: in every window, the first part is rewarded for accuracy alone, the rest by tiers (S2).</summary>
public sealed record RewardSchedule
{
    /// <summary>Rollout steps of a window.</summary>
    [Bounds(1, int.MaxValue)]
    public int Window { get; init; } = 10;

    /// <summary>Share of the window that is rewarded for accuracy alone.</summary>
    [Bounds(0, 1)]
    public double AccuracyFraction { get; init; } = 0.8;

    /// <summary>The rewards of the rest.</summary>
    public RewardTiers Tiers { get; init; } = new();

    /// <summary>
    /// Whether a step is rewarded for accuracy alone: the first part of a window that begins at step 1. The modulus is floored, so
    /// step 0 (validation before training) belongs to the last part.
    /// </summary>
    public bool IsAccuracyStep(long step) => ((step - 1) % Window + Window) % Window < AccuracyFraction * Window - 1e-9;
}
