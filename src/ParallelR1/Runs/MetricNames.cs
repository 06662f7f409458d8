namespace ParallelR1.Runs;

/// <summary>
/// The keys of <c>metrics.jsonl</c> that reports know. The records of figures take their names from here; figures that no report looks at
/// are called as their properties are (<see cref="RunMetrics"/>).
/// </summary>
public static class MetricNames
{
    /// <summary>The step, counted from 1; 0 is before training. Every line has it.</summary>
    public const string Step = "step";

    /// <summary>What the line is about: <see cref="Train"/>, <see cref="Validation"/> or <see cref="Evaluation"/>.</summary>
    public const string Kind = "kind";

    /// <summary>A training step.</summary>
    public const string Train = "train";

    /// <summary>A validation loss.</summary>
    public const string Validation = "validation";

    /// <summary>The result of one suite, with <see cref="Suite"/>.</summary>
    public const string Evaluation = "evaluation";

    /// <summary>The suite's name.</summary>
    public const string Suite = "suite";

    /// <summary>Mean reward of a step's responses.</summary>
    public const string Reward = "reward";

    /// <summary>Share of correct responses.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>Share of responses with at least one block.</summary>
    public const string ParallelRatio = "parallel_ratio";

    /// <summary>Share of responses with at least one block that pass the reward validator.</summary>
    public const string WellFormedRatio = "well_formed_ratio";

    /// <summary>Mean blocks of a response.</summary>
    public const string Blocks = "blocks";

    /// <summary>Mean, over blocks, of the index of <c>&lt;Parallel&gt;</c> over the response's length.</summary>
    public const string BlockPosition = "block_position";

    /// <summary>Share of blocks that verify an answer already given before them.</summary>
    public const string VerificationRatio = "verification_ratio";

    /// <summary>Share of responses that ended with a budget.</summary>
    public const string CutByLength = "cut_by_length";

    /// <summary>Share of blocks whose paths are not all the same text.</summary>
    public const string PathsDiffer = "paths_differ";

    /// <summary>Share of blocks in which a path on its own reaches the correct answer.</summary>
    public const string PathOracle = "path_oracle";

    /// <summary>Share of those blocks whose summary reaches it too.</summary>
    public const string SummaryTakesRight = "summary_takes_right";

    /// <summary>Mean, over blocks, of the share of pairs of paths that reach the same answer.</summary>
    public const string PathAgreement = "path_agreement";

    /// <summary>Mean tokens of a response.</summary>
    public const string ResponseTokens = "response_tokens";

    /// <summary>All response tokens of the step.</summary>
    public const string TokensTotal = "tokens_total";

    /// <summary>The same, counting only the longest path of each block.</summary>
    public const string TokensCriticalPath = "tokens_critical_path";

    /// <summary>The training loss.</summary>
    public const string Loss = "loss";

    /// <summary>The loss on held-out examples.</summary>
    public const string ValidationLoss = "validation_loss";

    /// <summary>Mean entropy of the policy over the sampled tokens of responses with an advantage, in nats.</summary>
    public const string Entropy = "entropy";

    /// <summary>Share of tokens whose loss was clipped.</summary>
    public const string ClipFraction = "clip_fraction";

    /// <summary>Norm of the gradient before clipping.</summary>
    public const string GradNorm = "grad_norm";

    /// <summary>The learning rate of the step.</summary>
    public const string LearningRate = "learning_rate";

    /// <summary>Mean |log p(rollout) − log p(trainer)| over the sampled tokens of responses with an advantage, before the step's first update.</summary>
    public const string LogProbDifference = "logprob_difference";

    /// <summary>The largest such difference.</summary>
    public const string LogProbDifferenceMax = "logprob_difference_max";

    /// <summary>Tokens sampled or trained on per second.</summary>
    public const string TokensPerSecond = "tokens_per_second";

    /// <summary>Seconds by phase: an object such as <c>{"rollout": 3.1, "train": 2.2}</c>.</summary>
    public const string Seconds = "seconds";

    /// <summary>mean@k of an evaluation.</summary>
    public const string MeanAtK = "mean_at_k";
}
