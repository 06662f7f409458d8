namespace ParallelR1.Thinking;

/// <summary>Filters training data by plain bracket matching (Algorithm 1 of the Parallel-R1 paper): every tag is closed by its counterpart, in order.</summary>
public static class BracketValidator
{
    /// <summary>Checks a response given as text.</summary>
    /// <param name="text">The response, with its tags.</param>
    /// <returns>The error messages; empty if the response is valid.</returns>
    public static IReadOnlyList<string> Check(string text) => Check(TagScanner.Scan(text));

    /// <summary>Checks a response given as token ids.</summary>
    /// <param name="ids">Token ids of the response.</param>
    /// <param name="tags">The six tags.</param>
    /// <returns>The error messages; empty if the response is valid.</returns>
    public static IReadOnlyList<string> Check(IEnumerable<int> ids, TagIds tags) => Check(TagScanner.Scan(ids, tags));

    /// <summary>Checks a sequence of tags. The check stops at the first closing tag that does not match.</summary>
    /// <param name="tags">The tags of the response, in order.</param>
    /// <returns>The error messages; empty if the sequence is valid.</returns>
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
