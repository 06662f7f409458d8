using ParallelR1.Training.Policy;

namespace ParallelR1.Training.Recipes;

/// <summary>Reinforcement learning with group-relative advantages.</summary>
public sealed record RlRecipe : IOptionChecks
{
    /// <summary>Rollout steps.</summary>
    [Bounds(1, int.MaxValue)]
    public int Steps { get; init => field = Options.Checked(this, value); } = 300;

    /// <summary>Prompts a rollout step.</summary>
    [Bounds(1, 1_000_000)]
    public int PromptsPerStep { get; init => field = Options.Checked(this, value); } = 256;

    /// <summary>Responses to a prompt: the group.</summary>
    [Bounds(1, 65536)]
    public int SamplesPerPrompt { get; init => field = Options.Checked(this, value); } = 8;

    /// <summary>
    /// Rounds of generation at most until a step has <c>prompts_per_step</c> groups whose rewards differ (DAPO's dynamic sampling); null: one
    /// round, whatever its rewards.
    /// </summary>
    [Bounds(1, 1000)]
    public int? DynamicSamplingRounds { get; init => field = Options.Checked(this, value); }

    /// <summary>Optimizer steps over the responses of a rollout step.</summary>
    [Bounds(1, 1_000_000)]
    public int MiniBatches { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Passes over the responses of a rollout step.</summary>
    [Bounds(1, 1000)]
    public int Epochs { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Tokens computed at once; the result does not depend on it, memory does.</summary>
    [Bounds(1, 1 << 28)]
    public int MicroBatchTokens { get; init => field = Options.Checked(this, value); } = 8192;

    /// <summary>Compute the prompt of a group once for all its responses of a micro-batch, not once for each; the gradient is the same within rounding.</summary>
    public bool SharePrompts { get; init; }

    /// <summary>
    /// Who gets the credit: <c>response</c>, every token that of its whole response; <c>parts</c>, the tokens of a path that of their own path,
    /// for problems that say what each part of them comes to (the synthetic ones do).
    /// </summary>
    public CreditAssignment Credit { get; init; }

    /// <summary>The loss of a token.</summary>
    public PolicyObjective Objective { get; init; } = PolicyObjective.Ppo;

    /// <summary>How far the probability ratio may fall below 1.</summary>
    [Bounds(0, 1)]
    public double ClipLow { get; init => field = Options.Checked(this, value); } = 0.2;

    /// <summary>How far the probability ratio may rise above 1.</summary>
    [Bounds(0)]
    public double ClipHigh { get; init => field = Options.Checked(this, value); } = 0.2;

    /// <summary>Bound on the ratio where the advantage is negative; null: none.</summary>
    [Bounds(1)]
    public double? DualClip { get; init => field = Options.Checked(this, value); } = 3;

    /// <summary>Weight of the entropy bonus.</summary>
    [Bounds(0)]
    public double EntropyCoefficient { get; init => field = Options.Checked(this, value); }

    /// <summary>Weight of the divergence from the model that the run starts from; above 0, that model stays in memory beside the one that learns.</summary>
    [Bounds(0)]
    public double KlCoefficient { get; init => field = Options.Checked(this, value); }

    /// <summary>How the divergence is estimated at a token.</summary>
    public KlEstimator KlEstimator { get; init; } = KlEstimator.K3;

    /// <summary>Number of last tokens of <c>rollout.max_tokens</c> over which the reward of a response falls by <c>overlong_penalty</c>; null: it does not fall.</summary>
    [Bounds(1, 1 << 24)]
    public int? OverlongBuffer { get; init => field = Options.Checked(this, value); }

    /// <summary>With <c>overlong_buffer</c>: what a response that uses its whole budget loses.</summary>
    [Bounds(0)]
    public double OverlongPenalty { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>How rewards become advantages.</summary>
    public AdvantageScale AdvantageScale { get; init; } = AdvantageScale.Grpo;

    /// <summary>How token losses become one number.</summary>
    public LossAggregation Aggregation { get; init; } = LossAggregation.TokenMean;

    /// <summary>Tokens that the engine injected carry no loss; false: as published.</summary>
    public bool MaskInjected { get; init; } = true;

    /// <summary>Only with visibility <c>seen</c>: how tokens of paths, which were sampled without their siblings, are scored.</summary>
    public SeenCorrection SeenCorrection { get; init; } = SeenCorrection.AsSampled;

    /// <summary>With <c>seen_correction: importance-sampling</c>: the largest weight of a token.</summary>
    [Bounds(1)]
    public double ImportanceCap { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Corrects for rollouts that another policy than the trainer's sampled, such as another engine; null: rollouts are the trainer's own.</summary>
    public RolloutCorrectionOptions? RolloutCorrection { get; init; }

    /// <summary>Longest prompt; problems with longer ones are left out and counted.</summary>
    [Bounds(1, 1 << 24)]
    public int MaxPromptTokens { get; init => field = Options.Checked(this, value); } = 2000;

    /// <summary>Responses written to <c>rollouts/</c> per step; 0: all.</summary>
    [Bounds(0, int.MaxValue)]
    public int RolloutsKept { get; init => field = Options.Checked(this, value); }

    internal PolicyStepOptions ToStepOptions() => new()
    {
        Loss = new PolicyLossOptions { Objective = Objective, ClipLow = ClipLow, ClipHigh = ClipHigh, DualClip = DualClip },
        Aggregation = Aggregation,
        EntropyCoefficient = EntropyCoefficient,
        KlCoefficient = KlCoefficient,
        KlEstimator = KlEstimator,
        MicroBatchTokens = MicroBatchTokens,
        SharePrompts = SharePrompts,
    };

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        if (PromptsPerStep % MiniBatches != 0)
            yield return ("mini_batches", $"must divide prompts_per_step: {PromptsPerStep} prompts do not split evenly into {MiniBatches} mini-batches");
        if (RolloutCorrection is not null && SeenCorrection == SeenCorrection.ImportanceSampling)
            yield return ("rollout_correction", "seen_correction: importance-sampling weights the same ratios already; set it to as-sampled or none");
    }
}

/// <summary>How a Seen policy is scored on tokens of paths, which were sampled without seeing their siblings.</summary>
public enum SeenCorrection
{
    /// <summary>Each token in the context in which it was sampled.</summary>
    AsSampled,

    /// <summary>Causally over the concatenation, weighted by the ratio of both probabilities.</summary>
    ImportanceSampling,

    /// <summary>Causally over the concatenation, the mismatch left alone (as published).</summary>
    None,
}
