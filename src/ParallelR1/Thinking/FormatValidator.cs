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

/// <summary>What a validator found in a response.</summary>
/// <param name="Errors">Messages in the order of the text; empty for a valid response.</param>
/// <param name="Paths">For each <c>&lt;Parallel&gt;</c>, in order of opening, the <c>&lt;/Path&gt;</c> tags credited to it.</param>
public sealed record FormatReport(IReadOnlyList<string> Errors, IReadOnlyList<int> Paths)
{
    /// <summary>Whether nothing was found.</summary>
    public bool IsValid => Errors.Count == 0;

    /// <summary>Number of <c>&lt;Parallel&gt;</c> tags.</summary>
    public int Blocks => Paths.Count;
}

/// <summary>Collects messages; hostile text makes as many as it has tags, so only the first are kept.</summary>
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
