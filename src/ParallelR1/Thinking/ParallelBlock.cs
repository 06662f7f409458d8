namespace ParallelR1.Thinking;

/// <summary>A parallel block: <c>&lt;Parallel&gt;</c>, its paths, <c>&lt;/Parallel&gt;</c>, and its summary.</summary>
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

    /// <summary>Gets its index, from 0, in the order of <c>&lt;Parallel&gt;</c>.</summary>
    public int Index { get; }

    /// <summary>Gets the index of its <c>&lt;Parallel&gt;</c>.</summary>
    public int ParallelIndex { get; }

    /// <summary>Gets the index of the block that it is nested in, or −1.</summary>
    public int ParentBlock { get; }

    /// <summary>Gets the path of <see cref="ParentBlock"/> that it is nested in, or −1.</summary>
    public int ParentPath { get; }

    /// <summary>Gets its paths in the order of the written text; each starts where the previous one ends.</summary>
    public IReadOnlyList<ParallelPath> Paths => _paths;

    /// <summary>Gets the index of its <c>&lt;/Parallel&gt;</c>, or −1 if it has none.</summary>
    public int CloseIndex { get; internal set; } = -1;

    /// <summary>Gets the index of its <c>&lt;Summary&gt;</c>, or −1 if it has none.</summary>
    public int SummaryStart { get; internal set; } = -1;

    /// <summary>Gets the index after the last token of its summary, or −1 if it has none.</summary>
    public int SummaryEnd { get; internal set; } = -1;

    internal void OpenPath(int start) => _paths.Add(new ParallelPath(start, start + 1, Closed: false));

    internal void EndPath(int end, bool closed) => _paths[^1] = _paths[^1] with { End = end, Closed = closed };

    internal void NumberPath(int tokens) => _paths[^1] = _paths[^1] with { NumberTokens = tokens };
}

/// <summary>One path of a block.</summary>
/// <param name="Start">Index of its <c>&lt;Path&gt;</c>.</param>
/// <param name="End">Index after its last token (normally <c>&lt;/Path&gt;</c>).</param>
/// <param name="Closed">Whether it ends with <c>&lt;/Path&gt;</c>; false only if the sequence ends within it.</param>
public readonly record struct ParallelPath(int Start, int End, bool Closed)
{
    /// <summary>Gets the number of tokens after <c>&lt;Path&gt;</c> that form its ordinal; 0 if paths are not numbered, or this one is not.</summary>
    public int NumberTokens { get; init; }
}
