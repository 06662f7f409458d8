namespace ParallelR1.Thinking;

/// <summary>
/// Checks the format of a response with the rules of the published rewards. Only the order of the six tags counts: paths and blocks must
/// nest properly, each block must have at least two paths and be followed by exactly one <c>&lt;Summary&gt;</c>;
/// <c>&lt;/Summary&gt;</c> is ignored.
/// </summary>
public static class FormatValidator
{
    /// <summary>Checks a response given as text.</summary>
    /// <param name="text">The response, with its tags.</param>
    /// <returns>The errors, and the number of paths of each block.</returns>
    public static FormatReport Check(string text) => Check(TagScanner.Scan(text));

    /// <summary>Checks a response given as token ids.</summary>
    /// <param name="ids">Token ids of the response.</param>
    /// <param name="tags">The six tags.</param>
    /// <returns>The errors, and the number of paths of each block.</returns>
    public static FormatReport Check(IEnumerable<int> ids, TagIds tags) => Check(TagScanner.Scan(ids, tags));

    /// <summary>Checks a sequence of tags.</summary>
    /// <param name="tags">The tags of the response, in order.</param>
    /// <returns>The errors, and the number of paths of each block.</returns>
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

/// <summary>The result of a format check.</summary>
/// <param name="Errors">Error messages in text order; empty for a valid response.</param>
/// <param name="Paths">For each <c>&lt;Parallel&gt;</c>, in order of opening, the number of <c>&lt;/Path&gt;</c> tags counted for it.</param>
public sealed record FormatReport(IReadOnlyList<string> Errors, IReadOnlyList<int> Paths)
{
    /// <summary>Gets whether the response is valid: there are no errors.</summary>
    public bool IsValid => Errors.Count == 0;

    /// <summary>Gets the number of <c>&lt;Parallel&gt;</c> tags.</summary>
    public int Blocks => Paths.Count;
}

/// <summary>Collects error messages. Keeps only the first 50, since a malicious response can cause as many as it has tags.</summary>
internal sealed class ErrorList
{
    private const int Kept = 50;
    private readonly List<string> _messages = [];
    private int _count;

    public bool Add(string message)
    {
        if (_count++ < Kept)
            _messages.Add(message);
        return false;
    }

    public IReadOnlyList<string> ToList() => _count <= Kept ? _messages : [.. _messages, $"and {_count - Kept} more"];
}
