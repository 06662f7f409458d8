namespace ParallelR1.Thinking;

/// <summary>A maximal run of tokens with equal kind, block and path.</summary>
/// <param name="Kind">What the tokens are part of.</param>
/// <param name="Block">The innermost block of a path's tokens, the summarised block of a summary's, else −1.</param>
/// <param name="Path">The path within that block, else −1.</param>
/// <param name="Start">Index of the first token.</param>
/// <param name="End">Index after the last token.</param>
public readonly record struct Segment(SegmentKind Kind, int Block, int Path, int Start, int End);
