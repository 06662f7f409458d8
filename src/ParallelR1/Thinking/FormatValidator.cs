namespace ParallelR1.Thinking;

/// <summary>
/// Well-formedness as the published rewards judge it. Only the order of the six tags counts: paths and blocks nest properly, each block has
/// at least two paths, and each is followed by exactly one <c>&lt;Summary&gt;</c>; <c>&lt;/Summary&gt;</c> is never looked at.
/// </summary>
public static class FormatValidator
{
    /// <summary>Judges a response with its tags as text.</summary>
    public static FormatReport Check(string text) => Check(TagScanner.Scan(text));

    /// <summary>Judges a response as token ids.</summary>
    public static FormatReport Check(IEnumerable<int> ids, TagIds tags) => Check(TagScanner.Scan(ids, tags));

    /// <summary>Judges a sequence of tags.</summary>
    public static FormatReport Check(IEnumerable<ThinkingTag> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var errors = new ErrorList();
        var paths = new List<int>();
        var open = new Stack<(bool IsPath, int Number)>();
        var blocks = new Stack<int>();
        var summaryDue = false;
        int summaries = 0, closedBlocks = 0, number = 0;
        foreach (var tag in tags)
        {
            number++;
            switch (tag)
            {
                case ThinkingTag.ParallelOpen:
                    open.Push((false, number));
                    blocks.Push(paths.Count);
                    paths.Add(0);
                    summaryDue = false;
                    break;
                case ThinkingTag.PathOpen:
                    open.Push((true, number));
                    break;
                case ThinkingTag.PathClose when open.TryPeek(out var top) && top.IsPath:
                    open.Pop();
                    if (blocks.TryPeek(out var block))
                        paths[block]++;
                    break;
                case ThinkingTag.PathClose:
                    errors.Add($"tag {number}: </Path> closes no open <Path>");
                    break;
                case ThinkingTag.ParallelClose:
                    closedBlocks++;
                    if (open.TryPeek(out var last) && !last.IsPath)
                    {
                        open.Pop();
                        if (paths[blocks.Pop()] is var count and < 2)
                            errors.Add($"tag {number}: the block has {count} closed {(count == 1 ? "path" : "paths")}, at least two are needed");
                        summaryDue = true;
                    }
                    else
                    {
                        errors.Add($"tag {number}: </Parallel> closes no open <Parallel>");
                    }

                    break;
                case ThinkingTag.SummaryOpen:
                    if (!summaryDue)
                        errors.Add($"tag {number}: <Summary> does not follow a </Parallel>");
                    summaryDue = false;
                    summaries++;
                    break;
            }
        }

        foreach (var (isPath, at) in open.Reverse())
            errors.Add($"tag {at}: {(isPath ? "<Path>" : "<Parallel>")} is never closed");
        if (summaryDue)
            errors.Add("the last block has no <Summary>");
        if (summaries != closedBlocks)
            errors.Add($"{closedBlocks} </Parallel> but {summaries} <Summary>; each block needs one");
        return new FormatReport(errors.ToList(), paths);
    }
}
