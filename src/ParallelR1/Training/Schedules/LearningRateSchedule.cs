using System.Runtime.Serialization;

namespace ParallelR1.Training.Schedules;

/// <summary>
/// The learning rate of every optimizer step. The k-th step (k from 0) is made with <c>Rate(k)</c>, so a warm-up of w steps
/// begins at zero (or the lowest rate) and step w is the first with the full one. Past the last step the rate stays at its last value.
/// </summary>
/// <remarks>The formulas of transformers and of verl, which differ in the warm-up of schedules with a lowest rate.</remarks>
public sealed record LearningRateSchedule
{
    private readonly double _baseRate;
    private readonly int _totalSteps;

    /// <summary>A constant schedule; set <see cref="Kind"/> and what belongs to it for others.</summary>
    /// <param name="baseRate">The full rate.</param>
    /// <param name="totalSteps">Steps of the whole run, warm-up included.</param>
    public LearningRateSchedule(double baseRate, int totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(baseRate);
        ArgumentOutOfRangeException.ThrowIfNegative(totalSteps);
        _baseRate = baseRate;
        _totalSteps = totalSteps;
    }

    /// <summary>The shape.</summary>
    public ScheduleKind Kind { get; init; } = ScheduleKind.Constant;

    /// <summary>Steps in which the rate rises.</summary>
    [Bounds(0, int.MaxValue)]
    public int WarmupSteps { get; init => field = Options.Checked(this, value); }

    /// <summary>The lowest rate as a share of the full one.</summary>
    [Bounds(0, 1)]
    public double MinRatio { get; init => field = Options.Checked(this, value); }

    /// <summary><see cref="ScheduleKind.WsdStableRatio"/>: share of the steps after warm-up with the full rate.</summary>
    [Bounds(0, 1)]
    public double StableRatio { get; init => field = Options.Checked(this, value); } = 0.9;

    /// <summary><see cref="ScheduleKind.Wsd"/>: steps with the full rate.</summary>
    [Bounds(0, int.MaxValue)]
    public int StableSteps { get; init => field = Options.Checked(this, value); }

    /// <summary><see cref="ScheduleKind.Wsd"/>: steps of the decay.</summary>
    [Bounds(0, int.MaxValue)]
    public int DecaySteps { get; init => field = Options.Checked(this, value); }

    /// <summary><see cref="ScheduleKind.Wsd"/>: the shape of the decay.</summary>
    public DecayShape DecayShape { get; init; } = DecayShape.Cosine;

    /// <summary>The rate of step <paramref name="step"/>, counted from 0.</summary>
    public double Rate(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return _baseRate * Factor(Math.Min(step, Math.Max(0, _totalSteps - 1)));
    }

    private double Factor(int k)
    {
        if (Kind != ScheduleKind.Constant && k < WarmupSteps)
            return Warmup((double)k / Math.Max(1, WarmupSteps));
        var after = Math.Max(1, _totalSteps - WarmupSteps);
        var x = (double)(k - WarmupSteps) / after;
        return Kind switch
        {
            ScheduleKind.Cosine => Math.Max(0, HalfCosine(x)),
            ScheduleKind.CosineMinRatio => Math.Max(MinRatio, Between(HalfCosine(x))),
            ScheduleKind.LinearDecay => Math.Max(0, (double)(_totalSteps - k) / after),
            ScheduleKind.Wsd => Decay(k - WarmupSteps - StableSteps, DecaySteps, DecayShape),
            ScheduleKind.WsdStableRatio => StableThenDecay(k),
            _ => 1,
        };
    }

    private double Warmup(double share) => Kind is ScheduleKind.CosineMinRatio or ScheduleKind.Wsd ? Between(share) : share;

    private double StableThenDecay(int k)
    {
        var after = Math.Max(0, _totalSteps - WarmupSteps);
        var stable = (int)(after * StableRatio);
        return Decay(k - WarmupSteps - stable, after - stable, DecayShape.Cosine);
    }

    private double Decay(int k, int steps, DecayShape shape)
    {
        if (k < 0)
            return 1;
        if (k >= steps)
            return MinRatio;
        var y = (double)k / Math.Max(1, steps);
        return Between(shape switch
        {
            DecayShape.Linear => 1 - y,
            DecayShape.OneMinusSqrt => 1 - Math.Sqrt(y),
            _ => HalfCosine(y),
        });
    }

    private double Between(double share) => MinRatio + (1 - MinRatio) * share;

    private static double HalfCosine(double x) => 0.5 * (1 + Math.Cos(Math.PI * x));
}

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

/// <summary>How the rate falls in the last phase of <see cref="ScheduleKind.Wsd"/>, with y from 0 to 1.</summary>
public enum DecayShape
{
    /// <summary>(1 + cos πy) / 2</summary>
    Cosine,

    /// <summary>1 − y</summary>
    Linear,

    /// <summary>1 − √y</summary>
    [EnumMember(Value = "1-sqrt")]
    OneMinusSqrt,
}
