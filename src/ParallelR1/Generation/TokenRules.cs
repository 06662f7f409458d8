using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>The tokens that end a response, those that the engine injects, and those that are banned from sampling in each context.</summary>
internal sealed class TokenRules
{
    private static readonly TagIds s_none = new([int.MaxValue, int.MaxValue - 1, int.MaxValue - 2, int.MaxValue - 3, int.MaxValue - 4, int.MaxValue - 5]);
    private readonly HashSet<int> _eos;
    private readonly int[] _mainLine;
    private readonly int[] _mainLineWithBlocks;

    /// <summary>Initializes the rules.</summary>
    /// <param name="tags">The six tags; null for plain decoding, in which every token may be sampled.</param>
    /// <param name="eos">Tokens that end a response.</param>
    public TokenRules(TagIds? tags, IReadOnlyCollection<int> eos)
    {
        _eos = [.. eos];
        eos = _eos; // each once: a banned token that stands twice would be left out of the softmax twice
        Tags = tags ?? s_none;
        BeforeSummary = Tags.Newline is { } newline ? [newline, Tags[ThinkingTag.SummaryOpen]] : [Tags[ThinkingTag.SummaryOpen]];
        BannedInPath = tags is null ? [] : [.. eos, .. AllTagsBut(ThinkingTag.PathClose)];
        BannedInSummary = tags is null ? [] : [.. eos, .. AllTagsBut(ThinkingTag.SummaryClose)];
        _mainLineWithBlocks = tags is null ? [] : [.. AllTagsBut(ThinkingTag.ParallelOpen)];
        _mainLine = tags is null ? [] : [.. _mainLineWithBlocks, Tags[ThinkingTag.ParallelOpen]];
    }

    public TagIds Tags { get; }

    /// <summary>The tokens injected between <c>&lt;/Parallel&gt;</c> and the summary's text.</summary>
    public int[] BeforeSummary { get; }

    public int[] BannedInPath { get; }

    public int[] BannedInSummary { get; }

    public int[] BannedOnMainLine(bool blockAllowed) => blockAllowed ? _mainLineWithBlocks : _mainLine;

    public bool IsEos(int id) => _eos.Contains(id);

    /// <summary>Number of tokens of a block after its <c>&lt;Parallel&gt;</c>, not counting sampled ones.</summary>
    public int BlockOverhead(int paths) => Enumerable.Range(0, paths).Sum(PathOverhead) + 2 + BeforeSummary.Length;

    /// <summary>The same on the critical path, which counts only the longest path.</summary>
    public int CriticalBlockOverhead(int paths) => Enumerable.Range(0, paths).Max(PathOverhead) + 2 + BeforeSummary.Length;

    /// <summary>Number of tokens of a path, not counting sampled ones.</summary>
    public int PathOverhead(int path) => 2 + (Tags.Numbers?.Ids(path + 1).Length ?? 0);

    private IEnumerable<int> AllTagsBut(ThinkingTag allowed) =>
        Enum.GetValues<ThinkingTag>().Where(tag => tag != allowed).Select(tag => Tags[tag]);
}
