namespace ParallelR1.Thinking;

/// <summary>One path of a block.</summary>
/// <param name="Start">Index of its <c>&lt;Path&gt;</c>.</param>
/// <param name="End">Index after its last token (normally <c>&lt;/Path&gt;</c>).</param>
/// <param name="Closed">Whether it ends with <c>&lt;/Path&gt;</c>; false only where the sequence ends in it.</param>
public readonly record struct ParallelPath(int Start, int End, bool Closed);
