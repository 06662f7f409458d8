namespace ParallelR1.Thinking;

/// <summary>A block that is being read.</summary>
/// <param name="Block">Its number.</param>
/// <param name="Position">Position of its <c>&lt;Parallel&gt;</c>.</param>
/// <param name="OuterNode">The hidden node of the context around it.</param>
internal record struct OpenBlock(int Block, int Position, int OuterNode)
{
    /// <summary>The path being read, or the last one; −1 before the first.</summary>
    public int Path { get; set; } = -1;

    /// <summary>The position after the longest path so far.</summary>
    public int After { get; set; } = Position + 1;
}
