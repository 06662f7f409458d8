using System.Text;

namespace ParallelR1.Grading;

/// <summary>The six literal tags of parallel thinking in plain text.</summary>
public static class TagText
{
    private static readonly string[] Tags = ["<Path>", "</Path>", "<Parallel>", "</Parallel>", "<Summary>", "</Summary>"];

    /// <summary>The text without the six tags; nothing is put in their place. Tags that only appear by the removal stay.</summary>
    public static string Strip(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('<', StringComparison.Ordinal);
        if (at < 0)
            return text;

        StringBuilder? result = null;
        var kept = 0;
        while (at >= 0)
        {
            var length = TagLength(text.AsSpan(at));
            if (length > 0)
            {
                result ??= new StringBuilder(text.Length);
                result.Append(text, kept, at - kept);
                kept = at + length;
            }

            var next = at + Math.Max(1, length);
            at = next < text.Length ? text.IndexOf('<', next) : -1;
        }

        return result is null ? text : result.Append(text, kept, text.Length - kept).ToString();
    }

    private static int TagLength(ReadOnlySpan<char> text)
    {
        foreach (var tag in Tags)
        {
            if (text.StartsWith(tag, StringComparison.Ordinal))
                return tag.Length;
        }

        return 0;
    }
}
