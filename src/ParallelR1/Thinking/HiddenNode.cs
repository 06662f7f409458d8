namespace ParallelR1.Thinking;

/// <summary>
/// What a path other than the first hides: the earlier paths of its block, one contiguous range of columns.
/// The nodes form a tree over nesting; a token hides what its node and all nodes above it hide.
/// </summary>
/// <param name="Start">First hidden column: where the block's first path starts.</param>
/// <param name="End">Column after the last hidden one: where this path starts.</param>
/// <param name="Parent">The node of the enclosing context, or −1.</param>
/// <param name="Jump">A node further up (skew-binary), so that any ancestor is found in logarithmic time.</param>
/// <param name="Depth">Number of nodes above.</param>
internal readonly record struct HiddenNode(int Start, int End, int Parent, int Jump, int Depth);
