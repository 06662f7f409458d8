namespace ParallelR1.Thinking;

/// <summary>A block: <c>&lt;Parallel&gt;</c>, its paths, <c>&lt;/Parallel&gt;</c>, and the summary that belongs to it.</summary>
public sealed class ParallelBlock
{
    private readonly List<ParallelPath> _paths = new(2);

    internal ParallelBlock(int index, int parallelIndex, int parentBlock, int parentPath)
    {
        Index = index;
        ParallelIndex = parallelIndex;
        ParentBlock = parentBlock;
        ParentPath = parentPath;
    }

    /// <summary>Its number, from 0 in the order of <c>&lt;Parallel&gt;</c>.</summary>
    public int Index { get; }

    /// <summary>Where its <c>&lt;Parallel&gt;</c> is.</summary>
    public int ParallelIndex { get; }

    /// <summary>The block in one of whose paths it is nested, or −1.</summary>
    public int ParentBlock { get; }

    /// <summary>That path, or −1.</summary>
    public int ParentPath { get; }

    /// <summary>Its paths, side by side in the order in which they are written; each starts where the one before ends.</summary>
    public IReadOnlyList<ParallelPath> Paths => _paths;

    /// <summary>Where its <c>&lt;/Parallel&gt;</c> is, or −1 where it has none.</summary>
    public int CloseIndex { get; internal set; } = -1;

    /// <summary>Where its <c>&lt;Summary&gt;</c> is, or −1 where it has none.</summary>
    public int SummaryStart { get; internal set; } = -1;

    /// <summary>Index after the last token of its summary, or −1.</summary>
    public int SummaryEnd { get; internal set; } = -1;

    internal void OpenPath(int start) => _paths.Add(new ParallelPath(start, start + 1, Closed: false));

    internal void EndPath(int end, bool closed) => _paths[^1] = _paths[^1] with { End = end, Closed = closed };

    internal void NumberPath(int tokens) => _paths[^1] = _paths[^1] with { NumberTokens = tokens };
}

/// <summary>One path of a block.</summary>
/// <param name="Start">Index of its <c>&lt;Path&gt;</c>.</param>
/// <param name="End">Index after its last token (normally <c>&lt;/Path&gt;</c>).</param>
/// <param name="Closed">Whether it ends with <c>&lt;/Path&gt;</c>; false only where the sequence ends in it.</param>
public readonly record struct ParallelPath(int Start, int End, bool Closed)
{
    /// <summary>Number of tokens after <c>&lt;Path&gt;</c> that are its ordinal; 0 where paths are not numbered, or this one is not.</summary>
    public int NumberTokens { get; init; }
}
