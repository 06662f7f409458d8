using System.Diagnostics;

namespace ParallelR1.Thinking;

/// <summary>
/// Computes the positions of a block, for complete traces and for growing ones. Consecutive tokens have consecutive positions; every path
/// starts right after the block's <c>&lt;Parallel&gt;</c>; the text after the block continues after its longest path (Unseen: the paths share
/// positions) or after all of its paths (Seen: the text sees their concatenation).
/// </summary>
/// <example>
/// <c>&lt;Parallel&gt;</c> at position 10, paths of 5 and 3 tokens: both start at 11; <c>&lt;/Parallel&gt;</c> is at 16 in Unseen, at 19 in Seen.
/// </example>
/// <param name="parallel">Position of the block's <c>&lt;Parallel&gt;</c>.</param>
/// <param name="regime">The visibility regime.</param>
internal struct BlockPositions(int parallel, Visibility regime)
{
    private int _taken;

    /// <summary>Gets the position of the first token of every path.</summary>
    public readonly int First => parallel + 1;

    /// <summary>Gets the position of the first token after the block, given the paths that have ended.</summary>
    public readonly int After => First + _taken;

    /// <summary>Records the end of a path.</summary>
    /// <param name="next">The position after its last token.</param>
    public void End(int next)
    {
        Debug.Assert(next > First, "A path has at least its <Path>.");
        _taken = regime == Visibility.Unseen ? Math.Max(_taken, next - First) : _taken + next - First;
    }
}
