namespace ParallelR1.Rewards;

/// <summary>Rewards of the tiered part of a schedule.</summary>
public sealed record RewardTiers
{
    private const double Largest = 1e6; // differences and squares of rewards stay numbers

    /// <summary>Correct, with at least one block, well-formed.</summary>
    [Bounds(-Largest, Largest)]
    public double Parallel { get; init; } = 1.2;

    /// <summary>Correct, without a block.</summary>
    [Bounds(-Largest, Largest)]
    public double Plain { get; init; } = 1;

    /// <summary>Everything else.</summary>
    [Bounds(-Largest, Largest)]
    public double Wrong { get; init; } = -1;
}
