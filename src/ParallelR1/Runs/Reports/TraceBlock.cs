namespace ParallelR1.Runs.Reports;

/// <summary>A block: paths side by side, and what was made of them.</summary>
public sealed record TraceBlock : TraceNode
{
    private readonly List<TraceTree> _paths = [];

    /// <summary>The paths.</summary>
    public IReadOnlyList<TraceTree> Paths => _paths;

    /// <summary>The summary, or null where there is none.</summary>
    public TraceTree? Summary { get; internal set; }

    /// <summary>Text within the block but outside of its paths; none in a well-formed trace.</summary>
    public TraceTree Stray { get; } = new();

    internal void AddPath(TraceTree path) => _paths.Add(path);
}
