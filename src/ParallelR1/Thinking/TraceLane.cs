namespace ParallelR1.Thinking;

/// <summary>A path that is being decoded.</summary>
public sealed class TraceLane
{
    internal TraceLane(int path, int next, int nextSeen) => (Path, Next, NextSeen) = (path, next, nextSeen);

    /// <summary>The path within its block.</summary>
    public int Path { get; }

    /// <summary>Whether it has its <c>&lt;/Path&gt;</c>.</summary>
    public bool IsClosed { get; internal set; }

    /// <summary>Tokens sampled so far, a sampled <c>&lt;/Path&gt;</c> not counted.</summary>
    public int SampledTokens { get; internal set; }

    internal int Next { get; set; }

    internal int NextSeen { get; set; }

    /// <summary>Rows in order; null for the lane that is written straight into the trace (all lanes before it are complete).</summary>
    internal List<int>? Rows { get; init; }
}
