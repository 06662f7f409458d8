namespace ParallelR1.Rewards;

/// <summary>Rewards of the tiered part of a schedule.</summary>
public sealed record RewardTiers
{
    /// <summary>Correct, with at least one block, well-formed.</summary>
    public double Parallel { get; init; } = 1.2;

    /// <summary>Correct, without a block.</summary>
    public double Plain { get; init; } = 1;

    /// <summary>Everything else.</summary>
    public double Wrong { get; init; } = -1;
}
