namespace ParallelR1.Thinking;

/// <summary>The six tags, in the order in which they are added to a vocabulary.</summary>
public enum ThinkingTag
{
    /// <summary><c>&lt;Path&gt;</c></summary>
    PathOpen,

    /// <summary><c>&lt;/Path&gt;</c></summary>
    PathClose,

    /// <summary><c>&lt;Parallel&gt;</c></summary>
    ParallelOpen,

    /// <summary><c>&lt;/Parallel&gt;</c></summary>
    ParallelClose,

    /// <summary><c>&lt;Summary&gt;</c></summary>
    SummaryOpen,

    /// <summary><c>&lt;/Summary&gt;</c></summary>
    SummaryClose,
}
