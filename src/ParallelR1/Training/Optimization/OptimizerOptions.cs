using ParallelR1.Training.Schedules;

namespace ParallelR1.Training.Optimization;

/// <summary>Options of AdamW (decoupled weight decay, gradient clipping) and of the learning rate schedule.</summary>
public sealed record OptimizerOptions : IOptionChecks
{
    /// <summary>The full learning rate, 1e-5 by default.</summary>
    [Bounds(0, 10, Above = true)]
    public double LearningRate { get; init => field = Options.Checked(this, value); } = 1e-5;

    /// <summary>Decay of the first moment, 0.9 by default.</summary>
    [Bounds(0, 1, Below = true)]
    public double Beta1 { get; init => field = Options.Checked(this, value); } = 0.9;

    /// <summary>Decay of the second moment, 0.95 by default.</summary>
    [Bounds(0, 1, Below = true)]
    public double Beta2 { get; init => field = Options.Checked(this, value); } = 0.95;

    /// <summary>Epsilon, added to the denominator so that the division is finite; 1e-8 by default.</summary>
    [Bounds(0, 1, Above = true)]
    public double Eps { get; init => field = Options.Checked(this, value); } = 1e-8;

    /// <summary>Decoupled weight decay, 0.01 by default.</summary>
    [Bounds(0, 10)]
    public double WeightDecay { get; init => field = Options.Checked(this, value); } = 0.01;

    /// <summary>Maximum norm of the gradient over all parameters, 1 by default; null for no clipping.</summary>
    [Bounds(0, Above = true)]
    public double? MaxGradNorm { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>The shape of the learning rate over the steps, <see cref="ScheduleKind.Cosine"/> by default.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>Share of all steps in which the rate rises; null for none. Cannot be combined with <c>warmup_steps</c>.</summary>
    [Bounds(0, 1)]
    public double? WarmupRatio { get; init => field = Options.Checked(this, value); }

    /// <summary>Number of steps in which the rate rises; null for none. Cannot be combined with <c>warmup_ratio</c>.</summary>
    [Bounds(0, int.MaxValue)]
    public int? WarmupSteps { get; init => field = Options.Checked(this, value); }

    /// <summary>The lowest rate as a share of the full one, for schedules that have one; 0 by default.</summary>
    [Bounds(0, 1)]
    public double MinRatio { get; init => field = Options.Checked(this, value); }

    /// <summary>Schedules <c>wsd</c> and <c>wsd-stable-ratio</c>: share of the steps after warm-up that use the full rate, 0.9 by default.</summary>
    [Bounds(0, 1)]
    public double StableRatio { get; init => field = Options.Checked(this, value); } = 0.9;

    /// <summary>Schedule <c>wsd</c>: share of the steps after warm-up in which the rate falls, before the lowest rate is used; null if it falls until the end.</summary>
    [Bounds(0, 1)]
    public double? DecayRatio { get; init => field = Options.Checked(this, value); }

    /// <summary>Schedule <c>wsd</c>: the shape of the decay, <see cref="DecayShape.Cosine"/> by default.</summary>
    public DecayShape DecayShape { get; init; } = DecayShape.Cosine;

    /// <summary>Gets the published options of SFT: 1e-5, betas 0.9 and 0.95, cosine after 10 % warm-up.</summary>
    internal static OptimizerOptions ForSft { get; } = new() { WarmupRatio = 0.1 };

    /// <summary>Gets the published options of RL: 1e-6, betas 0.9 and 0.999, constant.</summary>
    internal static OptimizerOptions ForRl { get; } = new() { LearningRate = 1e-6, Beta2 = 0.999, Schedule = ScheduleKind.Constant };

    /// <summary>Creates the schedule of a run.</summary>
    /// <param name="totalSteps">Number of optimizer steps of the whole run, warm-up included.</param>
    public LearningRateSchedule CreateSchedule(int totalSteps)
    {
        var warmup = WarmupSteps ?? (int)((WarmupRatio ?? 0) * totalSteps);
        var after = Math.Max(0, totalSteps - warmup);
        var stable = (int)Math.Floor(after * StableRatio);
        return new LearningRateSchedule(LearningRate, totalSteps)
        {
            Kind = Schedule,
            WarmupSteps = warmup,
            MinRatio = MinRatio,
            StableRatio = StableRatio,
            StableSteps = stable,
            DecaySteps = DecayRatio is { } decay ? (int)Math.Floor(after * decay) : after - stable,
            DecayShape = DecayShape,
        };
    }

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        if (WarmupSteps is > 0 && WarmupRatio is > 0)
            yield return ("warmup_steps", "warm-up is given twice, by warmup_steps and by warmup_ratio (default of SFT: 0.1); set one of them to null");
        if (Schedule == ScheduleKind.Constant && (WarmupSteps is > 0 || WarmupRatio is > 0))
            yield return ("schedule", "'constant' has no warm-up; use 'linear-warmup-constant', or set the warm-up to null");
        if (MinRatio > 0 && Schedule is not (ScheduleKind.CosineMinRatio or ScheduleKind.Wsd or ScheduleKind.WsdStableRatio))
            yield return ("min_ratio", "this schedule ends at zero or does not fall; use 'cosine-min-ratio', 'wsd' or 'wsd-stable-ratio', or leave min_ratio out");
        if (DecayRatio is { } decay && (Schedule != ScheduleKind.Wsd || StableRatio + decay > 1))
            yield return ("decay_ratio", Schedule == ScheduleKind.Wsd ? $"with stable_ratio {StableRatio:R} it is at most {1 - StableRatio:0.####}" : "only the schedule 'wsd' has it; set it to null");
    }
}
