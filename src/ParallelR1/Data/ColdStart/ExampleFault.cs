namespace ParallelR1.Data.ColdStart;

/// <summary>The reason why an answer is rejected. If several apply, they are listed in this order.</summary>
public enum ExampleFault
{
    /// <summary>The teacher could not be reached, or failed in all retries.</summary>
    Failed,

    /// <summary>The teacher refused to answer.</summary>
    Refused,

    /// <summary>The answer was truncated at the maximum length.</summary>
    Truncated,

    /// <summary>There is no text after the reasoning, or no text at all.</summary>
    Empty,

    /// <summary>There is no parallel block.</summary>
    NoBlock,

    /// <summary>The validator of the rewards rejects the format (<see cref="Thinking.FormatValidator"/>).</summary>
    RewardFormat,

    /// <summary>The bracket matcher rejects the format (<see cref="Thinking.BracketValidator"/>).</summary>
    BracketFormat,

    /// <summary>A block inside a path or a summary, or a path outside a block.</summary>
    Nested,

    /// <summary>Text in a block outside its paths.</summary>
    StrayText,

    /// <summary>Text between a block and its summary.</summary>
    SummaryApart,

    /// <summary>A path or a summary without text.</summary>
    EmptyPath,

    /// <summary>A block whose paths are all alike.</summary>
    EqualPaths,

    /// <summary>Paths that are numbered or ordered.</summary>
    OrderedPaths,

    /// <summary>A path that refers to another path.</summary>
    CrossReference,

    /// <summary>The text announces or discusses the format.</summary>
    Announcement,

    /// <summary>The last line does not give the result after <c>Final Answer:</c>.</summary>
    NoFinalAnswer,

    /// <summary>The answer differs from the gold answer.</summary>
    WrongAnswer,

    /// <summary>The grader could not decide within its budget.</summary>
    Undecided,

    /// <summary>The example is longer than allowed.</summary>
    TooLong,

    /// <summary>The same text has already been kept for this problem.</summary>
    Duplicate,
}
