using System.Runtime.Serialization;

namespace ParallelR1.Training.Schedules;

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
