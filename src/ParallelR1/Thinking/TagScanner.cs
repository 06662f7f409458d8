namespace ParallelR1.Thinking;

/// <summary>Finds the tags in a text or in token ids. Validators use nothing else of a response.</summary>
internal static class TagScanner
{
    /// <summary>Gets the literal tags of a text, in order.</summary>
    public static IEnumerable<ThinkingTag> Scan(string text) => Locate(text).Select(t => t.Tag);

    /// <summary>Gets the literal tags of a text, in order, each with the index of its first character.</summary>
    public static IEnumerable<(ThinkingTag Tag, int Start)> Locate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Located();

        IEnumerable<(ThinkingTag Tag, int Start)> Located()
        {
            for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = text.IndexOf('<', at + 1))
            {
                for (var i = 0; i < ThinkingTags.All.Count; i++)
                {
                    if (string.CompareOrdinal(text, at, ThinkingTags.All[i], 0, ThinkingTags.All[i].Length) == 0)
                        yield return ((ThinkingTag)i, at);
                }
            }
        }
    }

    /// <summary>Gets the tags among token ids, in order.</summary>
    public static IEnumerable<ThinkingTag> Scan(IEnumerable<int> ids, TagIds tags)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(tags);
        foreach (var id in ids)
        {
            if (tags.TryGet(id, out var tag))
                yield return tag;
        }
    }
}
