using ParallelR1.Thinking;

namespace ParallelR1.Models;

/// <summary>One sequence as the decoder reads it: tokens, positions, and what each sees.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="Positions">Position ids, one per token.</param>
/// <param name="Runs">What the rows see; together all rows, in order.</param>
public sealed record PackedTrace(ReadOnlyMemory<int> Ids, ReadOnlyMemory<int> Positions, IReadOnlyList<VisibleRun> Runs)
{
    /// <summary>Number of tokens.</summary>
    public int Length => Ids.Length;

    /// <summary>A sequence under a layout: structured (Unseen) or, for <see cref="TraceLayout.Causal"/>, ordinary.</summary>
    public static PackedTrace Of(ReadOnlyMemory<int> ids, TraceLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new PackedTrace(ids, layout.Positions.ToArray(), [.. layout.VisibleRuns()]);
    }

    /// <summary>A sequence as one regime is trained: Unseen by its structure, Seen as ordinary causal text.</summary>
    public static PackedTrace Of(int[] ids, int promptLength, TagIds? tags, Visibility visibility) =>
        Of(ids, tags is not null && visibility == Visibility.Unseen
            ? TraceLayout.Read(ids, promptLength, tags)
            : TraceLayout.Causal(ids.Length, promptLength));
}
