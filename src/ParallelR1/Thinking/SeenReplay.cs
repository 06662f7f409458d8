namespace ParallelR1.Thinking;

/// <summary>One pass of <see cref="TraceLayout.SeenDecoding"/>: consecutive tokens as rows that see an earlier pass up to a point, and themselves.</summary>
/// <param name="Index">Its number; 0 is the whole trace.</param>
/// <param name="Around">The pass that its context is part of, or −1.</param>
/// <param name="FirstRow">The row of its first token, when the passes are laid one after the other.</param>
/// <param name="Tokens">The tokens that it holds.</param>
/// <param name="FirstPosition">The position of its first token; the others count on.</param>
/// <param name="AroundEnd">It sees the tokens of <paramref name="Around"/> before this index (and what that pass sees before itself).</param>
public readonly record struct SeenReplay(int Index, int Around, long FirstRow, TokenRange Tokens, int FirstPosition, int AroundEnd);
