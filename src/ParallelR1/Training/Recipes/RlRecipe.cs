using ParallelR1.Training.Policy;

namespace ParallelR1.Training.Recipes;

/// <summary>Options of reinforcement learning with group-relative advantages (GRPO).</summary>
public sealed record RlRecipe : IOptionChecks
{
    /// <summary>Number of RL steps, 300 by default.</summary>
    [Bounds(1, int.MaxValue)]
    public int Steps { get; init => field = Options.Checked(this, value); } = 300;

    /// <summary>Number of prompts per RL step, 256 by default.</summary>
    [Bounds(1, 1_000_000)]
    public int PromptsPerStep { get; init => field = Options.Checked(this, value); } = 256;

    /// <summary>Number of responses per prompt (the size of a group), 8 by default.</summary>
    [Bounds(1, 65536)]
    public int SamplesPerPrompt { get; init => field = Options.Checked(this, value); } = 8;

    /// <summary>
    /// Maximum number of rounds of generation until an RL step has <c>prompts_per_step</c> groups whose rewards differ (dynamic sampling, DAPO);
    /// null (the default) for one round, whatever its rewards.
    /// </summary>
    [Bounds(1, 1000)]
    public int? DynamicSamplingRounds { get; init => field = Options.Checked(this, value); }

    /// <summary>Number of mini-batches, each with one optimizer step, that the responses of an RL step are split into; 2 by default.</summary>
    [Bounds(1, 1_000_000)]
    public int MiniBatches { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Number of passes over the responses of an RL step, 1 by default.</summary>
    [Bounds(1, 1000)]
    public int Epochs { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Number of tokens of a micro-batch, 8192 by default; it affects memory, not the result.</summary>
    [Bounds(1, 1 << 28)]
    public int MicroBatchTokens { get; init => field = Options.Checked(this, value); } = 8192;

    /// <summary>Whether the prompt of a group is computed once for all its responses of a micro-batch; the gradient is the same within rounding. False by default.</summary>
    public bool SharePrompts { get; init; }

    /// <summary>
    /// Credit assignment, <see cref="CreditAssignment.Response"/> by default: with <c>response</c>, every token has the advantage of its response; with
    /// <c>parts</c>, tokens of a path have that of their path, which requires problems that state the results of their parts, as the synthetic ones do.
    /// </summary>
    public CreditAssignment Credit { get; init; }

    /// <summary>The objective of a token, <see cref="PolicyObjective.Ppo"/> by default.</summary>
    public PolicyObjective Objective { get; init; } = PolicyObjective.Ppo;

    /// <summary>How far the probability ratio may fall below 1 before it is clipped, 0.2 by default.</summary>
    [Bounds(0, 1)]
    public double ClipLow { get; init => field = Options.Checked(this, value); } = 0.2;

    /// <summary>How far the probability ratio may rise above 1 before it is clipped, 0.2 by default.</summary>
    [Bounds(0)]
    public double ClipHigh { get; init => field = Options.Checked(this, value); } = 0.2;

    /// <summary>Upper bound on the ratio for tokens with a negative advantage, 3 by default; null for none.</summary>
    [Bounds(1)]
    public double? DualClip { get; init => field = Options.Checked(this, value); } = 3;

    /// <summary>Weight of the entropy bonus, 0 by default.</summary>
    [Bounds(0)]
    public double EntropyCoefficient { get; init => field = Options.Checked(this, value); }

    /// <summary>Weight of the KL divergence from the model that the run starts from, 0 by default; if above 0, that model is kept in memory too.</summary>
    [Bounds(0)]
    public double KlCoefficient { get; init => field = Options.Checked(this, value); }

    /// <summary>Estimator of that divergence at a token, <see cref="KlEstimator.K3"/> by default.</summary>
    public KlEstimator KlEstimator { get; init; } = KlEstimator.K3;

    /// <summary>Number of tokens at the end of <c>rollout.max_tokens</c> over which the reward of a response decreases by <c>overlong_penalty</c>; null for no decrease.</summary>
    [Bounds(1, 1 << 24)]
    public int? OverlongBuffer { get; init => field = Options.Checked(this, value); }

    /// <summary>With <c>overlong_buffer</c>, the penalty of a response that uses its whole budget; 1 by default.</summary>
    [Bounds(0)]
    public double OverlongPenalty { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>The rule that turns rewards into advantages, <see cref="AdvantageScale.Grpo"/> by default.</summary>
    public AdvantageScale AdvantageScale { get; init; } = AdvantageScale.Grpo;

    /// <summary>The rule that aggregates token losses, <see cref="LossAggregation.TokenMean"/> by default.</summary>
    public LossAggregation Aggregation { get; init; } = LossAggregation.TokenMean;

    /// <summary>Whether tokens that the engine injected carry no loss, true by default; false as in the published trainer.</summary>
    public bool MaskInjected { get; init; } = true;

    /// <summary>
    /// With visibility <c>seen</c>, how tokens of paths, which were sampled without seeing their siblings, are scored;
    /// <see cref="SeenCorrection.AsSampled"/> by default.
    /// </summary>
    public SeenCorrection SeenCorrection { get; init; } = SeenCorrection.AsSampled;

    /// <summary>With <c>seen_correction: importance-sampling</c>, the maximum weight of a token; 2 by default.</summary>
    [Bounds(1)]
    public double ImportanceCap { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Correction for rollouts that were sampled by another policy than the trainer's, such as another engine; null (the default) for none.</summary>
    public RolloutCorrectionOptions? RolloutCorrection { get; init; }

    /// <summary>Maximum length of a prompt in tokens, 2000 by default; problems with longer prompts are left out and counted.</summary>
    [Bounds(1, 1 << 24)]
    public int MaxPromptTokens { get; init => field = Options.Checked(this, value); } = 2000;

    /// <summary>Number of responses per RL step written to <c>rollouts/</c>; 0 (the default) for all.</summary>
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

/// <summary>How a Seen policy scores tokens of paths, which were sampled without seeing their siblings.</summary>
public enum SeenCorrection
{
    /// <summary>Each token is scored in the context in which it was sampled.</summary>
    AsSampled,

    /// <summary>Tokens are scored causally over the concatenation, and weighted by the ratio of the two probabilities.</summary>
    ImportanceSampling,

    /// <summary>Tokens are scored causally over the concatenation, without correction (as published).</summary>
    None,
}
