using System.Text;

namespace ParallelR1.Thinking;

/// <summary>Converts a teacher's text into the canonical layout of training data.</summary>
internal static class TeacherText
{
    private static readonly HashSet<(ThinkingTag, ThinkingTag)> Glued =
    [
        (ThinkingTag.ParallelOpen, ThinkingTag.PathOpen),
        (ThinkingTag.PathClose, ThinkingTag.PathOpen),
        (ThinkingTag.PathClose, ThinkingTag.ParallelClose),
    ];

    /// <summary>
    /// Removes white space between a block's <c>&lt;Parallel&gt;</c>, its paths and its <c>&lt;/Parallel&gt;</c>. All other text is kept,
    /// including the white space before <c>&lt;Summary&gt;</c>.
    /// </summary>
    public static string Canonicalise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new StringBuilder(text.Length);
        var copied = 0;
        (ThinkingTag Tag, int End)? before = null;
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = text.IndexOf('<', at + 1))
        {
            if (TagAt(text, at) is not { } tag)
                continue;
            if (before is { } last && Glued.Contains((last.Tag, tag)) && text.AsSpan(last.End, at - last.End).IsWhiteSpace())
            {
                result.Append(text, copied, last.End - copied);
                copied = at;
            }

            before = (tag, at + tag.Text().Length);
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    private static ThinkingTag? TagAt(string text, int at)
    {
        for (var i = 0; i < ThinkingTags.All.Count; i++)
        {
            if (string.CompareOrdinal(text, at, ThinkingTags.All[i], 0, ThinkingTags.All[i].Length) == 0)
                return (ThinkingTag)i;
        }

        return null;
    }
}
