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

/// <summary>The two published families of rewards; they differ in grader and scale.</summary>
public enum RewardFamily
{
    /// <summary>Exact-string grader for mathematical answers; correct is +1, wrong is −1.</summary>
    Math,

    /// <summary>Number grader of GSM8K; correct is 1, wrong is 0.</summary>
    Gsm8k,
}

/// <summary>Alternation over steps: in every window, the first part is rewarded for accuracy alone, the rest by tiers (S2).</summary>
public sealed record RewardSchedule
{
    /// <summary>Rollout steps of a window.</summary>
    [Bounds(1, int.MaxValue)]
    public int Window { get; init => field = Options.Checked(this, value); } = 10;

    /// <summary>Share of the window that is rewarded for accuracy alone.</summary>
    [Bounds(0, 1)]
    public double AccuracyFraction { get; init => field = Options.Checked(this, value); } = 0.8;

    /// <summary>The rewards of the rest.</summary>
    public RewardTiers Tiers { get; init; } = new();

    /// <summary>
    /// Whether a step is rewarded for accuracy alone: the first part of a window that begins at step 1. The modulus is floored, so
    /// step 0 (validation before training) belongs to the last part.
    /// </summary>
    public bool IsAccuracyStep(long step) => ((step - 1) % Window + Window) % Window < AccuracyFraction * Window - 1e-9;
}

/// <summary>Rewards of the tiered part of a schedule.</summary>
public sealed record RewardTiers
{
    private const double Largest = 1e6; // differences and squares of rewards stay numbers

    /// <summary>Correct, with at least one block, well-formed.</summary>
    [Bounds(-Largest, Largest)]
    public double Parallel { get; init => field = Options.Checked(this, value); } = 1.2;

    /// <summary>Correct, without a block.</summary>
    [Bounds(-Largest, Largest)]
    public double Plain { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Everything else.</summary>
    [Bounds(-Largest, Largest)]
    public double Wrong { get; init => field = Options.Checked(this, value); } = -1;
}
