namespace ParallelR1.Rewards;

/// <summary>What a response is worth: one method for every step, or two that alternate.</summary>
public sealed record RewardOptions
{
    /// <summary>The family of the method.</summary>
    public RewardFamily Family { get; init; } = RewardFamily.Math;

    /// <summary>The method, by its published name; with a schedule: the one of the first part of every window.</summary>
    public string Method { get; init; } = "accuracy_reward";

    /// <summary>A second method in the last part of every window of steps; null: none (S1).</summary>
    public RewardSchedule? Schedule { get; init; }

    /// <summary>A grader by name instead of the family's own.</summary>
    public string? Grader { get; init; }
}
