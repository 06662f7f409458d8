namespace ParallelR1.Training;

/// <summary>How the rewards of a group become advantages.</summary>
public enum AdvantageScale
{
    /// <summary>Less the group's mean, over its unbiased deviation (GRPO).</summary>
    Grpo,

    /// <summary>Less the group's mean (Dr. GRPO).</summary>
    DrGrpo,
}
