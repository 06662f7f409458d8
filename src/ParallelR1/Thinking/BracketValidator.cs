namespace ParallelR1.Thinking;

/// <summary>The plain bracket matcher that filters training data (Algorithm 1 of the paper): every tag is closed by its own, in order.</summary>
public static class BracketValidator
{
    /// <summary>Judges a response with its tags as text; the messages, none if it is valid.</summary>
    public static IReadOnlyList<string> Check(string text) => Check(TagScanner.Scan(text));

    /// <summary>Judges a response as token ids.</summary>
    public static IReadOnlyList<string> Check(IEnumerable<int> ids, TagIds tags) => Check(TagScanner.Scan(ids, tags));

    /// <summary>Judges a sequence of tags. The first closing tag that does not match ends the search.</summary>
    public static IReadOnlyList<string> Check(IEnumerable<ThinkingTag> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var errors = new ErrorList();
        var open = new Stack<(ThinkingTag Tag, int Number)>();
        var number = 0;
        foreach (var tag in tags)
        {
            number++;
            if (tag is ThinkingTag.PathOpen or ThinkingTag.ParallelOpen or ThinkingTag.SummaryOpen)
            {
                open.Push((tag, number));
                continue;
            }

            if (open.TryPop(out var top) && top.Tag == tag - 1)
                continue;
            errors.Add(top.Number == 0
                ? $"tag {number}: {tag.Text()} while nothing is open"
                : $"tag {number}: {tag.Text()} while {top.Tag.Text()} (tag {top.Number}) is open");
            return errors.ToList();
        }

        foreach (var (tag, at) in open.Reverse())
            errors.Add($"tag {at}: {tag.Text()} is never closed");
        return errors.ToList();
    }
}
