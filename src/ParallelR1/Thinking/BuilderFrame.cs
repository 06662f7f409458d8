namespace ParallelR1.Thinking;

/// <summary>A block that a <see cref="TraceBuilder"/> is in.</summary>
/// <param name="Position">Unseen position of its <c>&lt;Parallel&gt;</c>.</param>
/// <param name="SeenPosition">Seen position of it.</param>
/// <param name="Start">Where, in the order of the trace, its first path starts.</param>
internal sealed record BuilderFrame(int Position, int SeenPosition, int Start)
{
    public List<TraceLane> Lanes { get; } = [];

    /// <summary>Where each lane that lies in the trace already starts.</summary>
    public List<int> Starts { get; } = [];

    public int After { get; set; } = Position + 1;
}
