namespace ParallelR1.Data.ColdStart;

/// <summary>Why an answer is not kept as an example. In the order in which they are named where several apply.</summary>
public enum ExampleFault
{
    /// <summary>The teacher could not be reached, or failed in all retries.</summary>
    Failed,

    /// <summary>The teacher would not answer.</summary>
    Refused,

    /// <summary>It ended because it was as long as it may be.</summary>
    Truncated,

    /// <summary>Nothing is left behind the thinking, or nothing came at all.</summary>
    Empty,

    /// <summary>There is no parallel block.</summary>
    NoBlock,

    /// <summary>The validator of the rewards finds it malformed (<see cref="Thinking.FormatValidator"/>).</summary>
    RewardFormat,

    /// <summary>The bracket matcher finds it malformed (<see cref="Thinking.BracketValidator"/>).</summary>
    BracketFormat,

    /// <summary>A block in a path or a summary, or a path outside of a block.</summary>
    Nested,

    /// <summary>Text in a block outside of its paths.</summary>
    StrayText,

    /// <summary>Text between a block and its summary.</summary>
    SummaryApart,

    /// <summary>A path or a summary without text.</summary>
    EmptyPath,

    /// <summary>A block whose paths all say the same.</summary>
    EqualPaths,

    /// <summary>Paths that are numbered or put in an order.</summary>
    OrderedPaths,

    /// <summary>A path that speaks of another.</summary>
    CrossReference,

    /// <summary>The mechanism is announced or talked about.</summary>
    Announcement,

    /// <summary>The last line does not give the result behind <c>Final Answer:</c>.</summary>
    NoFinalAnswer,

    /// <summary>The answer is not the gold answer of the source.</summary>
    WrongAnswer,

    /// <summary>The grader's budget ended before it knew.</summary>
    Undecided,

    /// <summary>It is too long to train on.</summary>
    TooLong,

    /// <summary>The same text was kept for this problem already.</summary>
    Duplicate,
}
