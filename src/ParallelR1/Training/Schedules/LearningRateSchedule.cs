using System.Runtime.Serialization;

namespace ParallelR1.Training.Schedules;

/// <summary>
/// Computes the learning rate of every optimizer step. Step k (from 0) uses <c>Rate(k)</c>, so a warm-up of w steps begins at zero (or at
/// the lowest rate) and step w is the first with the full rate. After the last step the rate stays constant.
/// </summary>
/// <remarks>The formulas are those of transformers and of verl, which differ in the warm-up of schedules with a lowest rate.</remarks>
public sealed record LearningRateSchedule
{
    private readonly double _baseRate;
    private readonly int _totalSteps;

    /// <summary>Initializes a constant schedule; for others set <see cref="Kind"/> and its properties.</summary>
    /// <param name="baseRate">The full rate.</param>
    /// <param name="totalSteps">Number of steps of the whole run, warm-up included.</param>
    public LearningRateSchedule(double baseRate, int totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(baseRate);
        ArgumentOutOfRangeException.ThrowIfNegative(totalSteps);
        _baseRate = baseRate;
        _totalSteps = totalSteps;
    }

    /// <summary>The shape of the schedule, <see cref="ScheduleKind.Constant"/> by default.</summary>
    public ScheduleKind Kind { get; init; } = ScheduleKind.Constant;

    /// <summary>Number of steps in which the rate rises, 0 by default.</summary>
    [Bounds(0, int.MaxValue)]
    public int WarmupSteps { get; init => field = Options.Checked(this, value); }

    /// <summary>The lowest rate as a share of the full one, 0 by default.</summary>
    [Bounds(0, 1)]
    public double MinRatio { get; init => field = Options.Checked(this, value); }

    /// <summary><see cref="ScheduleKind.WsdStableRatio"/>: share of the steps after warm-up that use the full rate, 0.9 by default.</summary>
    [Bounds(0, 1)]
    public double StableRatio { get; init => field = Options.Checked(this, value); } = 0.9;

    /// <summary><see cref="ScheduleKind.Wsd"/>: number of steps with the full rate, 0 by default.</summary>
    [Bounds(0, int.MaxValue)]
    public int StableSteps { get; init => field = Options.Checked(this, value); }

    /// <summary><see cref="ScheduleKind.Wsd"/>: number of steps of the decay, 0 by default.</summary>
    [Bounds(0, int.MaxValue)]
    public int DecaySteps { get; init => field = Options.Checked(this, value); }

    /// <summary><see cref="ScheduleKind.Wsd"/>: the shape of the decay, <see cref="DecayShape.Cosine"/> by default.</summary>
    public DecayShape DecayShape { get; init; } = DecayShape.Cosine;

    /// <summary>Computes the rate of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
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
    /// <summary>The full rate in every step.</summary>
    Constant,

    /// <summary>Rises linearly, then stays at the full rate.</summary>
    LinearWarmupConstant,

    /// <summary>Rises linearly, then falls to zero along half a cosine.</summary>
    Cosine,

    /// <summary>Like <see cref="Cosine"/>, but between the lowest rate and the full rate, in the warm-up too.</summary>
    CosineMinRatio,

    /// <summary>Rises linearly, then falls linearly to zero.</summary>
    LinearDecay,

    /// <summary>Warm-up, stable, decay, with numbers of steps (transformers).</summary>
    Wsd,

    /// <summary>Warm-up, stable, decay, with a share of stable steps; the warm-up begins at zero (verl).</summary>
    WsdStableRatio,
}

/// <summary>The shape of the decay in the last phase of <see cref="ScheduleKind.Wsd"/>, with y from 0 to 1.</summary>
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
