namespace ParallelR1.Data;

/// <summary>Why a problem is left out of a prepared set; the first that applies.</summary>
public enum RejectReason
{
    /// <summary>The text ends in a colon: the paragraphs behind it are lost.</summary>
    CutProblem,

    /// <summary>The gold answer's braces do not balance, and no solution has the whole.</summary>
    CutAnswer,

    /// <summary>The text is longer than allowed.</summary>
    OverLong,

    /// <summary>The same text occurs with different answers; neither can be trusted.</summary>
    ConflictingAnswers,

    /// <summary>The same text with the same answer came before.</summary>
    Duplicate,

    /// <summary>It shares text with the set that it must be disjoint from.</summary>
    Contaminated,
}
