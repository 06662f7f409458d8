namespace ParallelR1.Training.Schedules;

/// <summary>The shapes of the learning rate over the steps; see <see cref="LearningRateSchedule"/>.</summary>
public enum ScheduleKind
{
    /// <summary>The full rate, always.</summary>
    Constant,

    /// <summary>Rises linearly, then stays.</summary>
    LinearWarmupConstant,

    /// <summary>Rises linearly, then falls to zero along half a cosine.</summary>
    Cosine,

    /// <summary>Like <see cref="Cosine"/> between the full rate and the lowest, also in the warm-up.</summary>
    CosineMinRatio,

    /// <summary>Rises linearly, then falls linearly to zero.</summary>
    LinearDecay,

    /// <summary>Warm-up, stable, decay, with step counts (transformers).</summary>
    Wsd,

    /// <summary>Warm-up, stable, decay, with a share of stable steps; the warm-up begins at zero (verl).</summary>
    WsdStableRatio,
}
