namespace ParallelR1.Rewards;

/// <summary>Options of the reward: one method for every step, or two that alternate.</summary>
public sealed record RewardOptions
{
    /// <summary>The family of the method, <see cref="RewardFamily.Math"/> by default.</summary>
    public RewardFamily Family { get; init; } = RewardFamily.Math;

    /// <summary>The published name of the method, <c>accuracy_reward</c> by default; with a schedule, the method of the first part of every window.</summary>
    public string Method { get; init; } = "accuracy_reward";

    /// <summary>Schedule with a second method in the last part of every window of steps; null for one method throughout (S1).</summary>
    public RewardSchedule? Schedule { get; init; }

    /// <summary>Name of a grader to use instead of the family's own; null for the family's own.</summary>
    public string? Grader { get; init; }
}

/// <summary>The two published families of rewards, which differ in grader and scale.</summary>
public enum RewardFamily
{
    /// <summary>Exact-string grader for mathematical answers; correct is +1, wrong is −1.</summary>
    Math,

    /// <summary>Number grader of GSM8K; correct is 1, wrong is 0.</summary>
    Gsm8k,
}

/// <summary>Alternates two rewards over steps: in every window, the first part is rewarded for accuracy alone, the rest by tiers (S2).</summary>
public sealed record RewardSchedule
{
    /// <summary>Number of RL steps in a window, 10 by default.</summary>
    [Bounds(1, int.MaxValue)]
    public int Window { get; init => field = Options.Checked(this, value); } = 10;

    /// <summary>Share of the window that is rewarded for accuracy alone, 0 to 1; 0.8 by default.</summary>
    [Bounds(0, 1)]
    public double AccuracyFraction { get; init => field = Options.Checked(this, value); } = 0.8;

    /// <summary>The rewards of the rest of the window.</summary>
    public RewardTiers Tiers { get; init; } = new();

    /// <summary>
    /// Returns whether a step is rewarded for accuracy alone: whether it is in the first part of its window. The first window begins at step 1.
    /// The modulus is floored, so step 0 (the validation before training) belongs to the last part.
    /// </summary>
    /// <param name="step">The RL step, from 1.</param>
    public bool IsAccuracyStep(long step) => ((step - 1) % Window + Window) % Window < AccuracyFraction * Window - 1e-9;
}

/// <summary>Rewards of the tiered part of a schedule.</summary>
public sealed record RewardTiers
{
    private const double Largest = 1e6; // differences and squares of rewards stay numbers

    /// <summary>Reward of a correct, well-formed response with at least one block, 1.2 by default.</summary>
    [Bounds(-Largest, Largest)]
    public double Parallel { get; init => field = Options.Checked(this, value); } = 1.2;

    /// <summary>Reward of a correct response without a block, 1 by default.</summary>
    [Bounds(-Largest, Largest)]
    public double Plain { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Reward of all other responses, −1 by default.</summary>
    [Bounds(-Largest, Largest)]
    public double Wrong { get; init => field = Options.Checked(this, value); } = -1;
}
