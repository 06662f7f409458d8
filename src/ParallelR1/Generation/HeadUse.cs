namespace ParallelR1.Generation;

/// <summary>What the logits of a token are for.</summary>
internal enum HeadUse
{
    /// <summary>Nothing is sampled from them.</summary>
    None,

    /// <summary>The next token of the only line: text or a summary.</summary>
    Line,

    /// <summary>The next token of a path.</summary>
    Path,

    /// <summary>The probability of the <c>&lt;/Parallel&gt;</c> that the engine will inject.</summary>
    Join,
}
