namespace ParallelR1.Rewards;

/// <summary>Which path of a block counts towards the traversed words.</summary>
public enum PathMode
{
    /// <summary>The longest: what is waited for in parallel decoding.</summary>
    Max,

    /// <summary>The shortest.</summary>
    Min,

    /// <summary>The mean, cut to an integer.</summary>
    Avg,
}
