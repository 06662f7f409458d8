namespace ParallelR1.Training;

/// <summary>How the rewards of a group become advantages.</summary>
public enum AdvantageScale
{
    /// <summary>Less the group's mean, over its unbiased deviation (GRPO).</summary>
    Grpo,

    /// <summary>Less the group's mean (Dr. GRPO).</summary>
    DrGrpo,

    /// <summary>Less the mean of the other members (RLOO).</summary>
    Rloo,

    /// <summary>Less the group's mean, over the unbiased deviation of the whole batch.</summary>
    BatchStd,

    /// <summary>Only the best of the group learns: best less second best, over the group's deviation (pass@k training).</summary>
    PassK,
}
