namespace ParallelR1.Thinking;

/// <summary>The texts of the six tags.</summary>
public static class ThinkingTags
{
    private static readonly string[] Texts = ["<Path>", "</Path>", "<Parallel>", "</Parallel>", "<Summary>", "</Summary>"];

    /// <summary>All six, in the order of <see cref="ThinkingTag"/>, which is the order in which they are added to a vocabulary.</summary>
    public static IReadOnlyList<string> All => Texts;

    /// <summary>The tag as it stands in a text.</summary>
    public static string Text(this ThinkingTag tag) => Texts[(int)tag];
}
