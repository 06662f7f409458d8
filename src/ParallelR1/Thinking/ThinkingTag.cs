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

/// <summary>The texts of the six tags.</summary>
public static class ThinkingTags
{
    private static readonly string[] Texts = ["<Path>", "</Path>", "<Parallel>", "</Parallel>", "<Summary>", "</Summary>"];

    /// <summary>Gets all six, in the order of <see cref="ThinkingTag"/>, which is the order in which they are added to a vocabulary.</summary>
    public static IReadOnlyList<string> All => Texts;

    /// <summary>Gets the text of a tag.</summary>
    /// <param name="tag">The tag.</param>
    public static string Text(this ThinkingTag tag) => Texts[(int)tag];
}
