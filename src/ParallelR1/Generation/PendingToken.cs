using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>A token that is in the trace but not yet in the cache.</summary>
/// <param name="Row">The token, and where it goes.</param>
/// <param name="Use">What its output is for.</param>
internal readonly record struct PendingToken(TraceRow Row, HeadUse Use)
{
    /// <summary>Whether its output gives injected tokens their log-probability.</summary>
    public bool Scores { get; init; }

    /// <summary>Whether logits are needed.</summary>
    public bool NeedsLogits => Use != HeadUse.None || Scores;
}

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
