namespace ParallelR1.Tests.Thinking;

/// <summary>
/// The layout rule once more, slow and obvious: every token carries the list of (block, path) it lies in,
/// positions are computed block by block over the tree, visibility is compared pair by pair. For tests only.
/// </summary>
internal sealed class DenseLayout
{
    private const int PathOpen = 1, PathClose = 2, ParallelOpen = 3, ParallelClose = 4, SummaryOpen = 5, SummaryClose = 6;

    private readonly int[] _ids;
    private readonly List<Node> _items = [];
    private int _at;
    private int _blocks;

    public DenseLayout(int[] ids, int promptLength)
    {
        _ids = ids;
        for (; _at < promptLength; _at++)
            _items.Add(new Token(_at));
        ReadContext(_items, []);
        Positions = new int[ids.Length];
        Chains = new (int, int)[ids.Length][];
        Place(_items, 0, []);
    }

    private abstract record Node;

    private sealed record Token(int Index) : Node;

    private sealed record Block(int Number, int Parallel, List<List<Node>> Paths) : Node;

    public int[] Positions { get; }

    /// <summary>For each token the blocks and paths it lies in, outermost first.</summary>
    public (int Block, int Path)[][] Chains { get; }

    /// <summary>For each token the block whose summary it is part of, or −1.</summary>
    public Dictionary<int, int> Summaries { get; } = [];

    public bool Sees(int row, int column) =>
        column <= row && !Chains[row].Any(r => Chains[column].Any(c => c.Block == r.Block && c.Path != r.Path));

    // Recursive descent; returns at the </Path> that ends the context (consumed) or at the end.
    private bool ReadContext(List<Node> into, (int, int)[] chain)
    {
        var waiting = -1;
        while (_at < _ids.Length)
        {
            var id = _ids[_at];
            if (id == ParallelOpen && (_at + 1 == _ids.Length || _ids[_at + 1] == PathOpen))
                waiting = ReadBlock(into, chain);
            else if (id == PathClose && chain.Length > 0)
            {
                into.Add(new Token(_at++));
                return true;
            }
            else if (id == SummaryOpen && waiting >= 0)
            {
                ReadSummary(into, waiting, chain.Length > 0);
                waiting = -1;
            }
            else
            {
                if (id is >= PathOpen and <= SummaryClose)
                    waiting = -1;
                into.Add(new Token(_at++));
            }
        }

        return false;
    }

    private int ReadBlock(List<Node> into, (int, int)[] chain)
    {
        var block = new Block(_blocks++, _at++, []);
        into.Add(block);
        while (_at < _ids.Length && _ids[_at] == PathOpen)
        {
            var path = new List<Node> { new Token(_at++) };
            block.Paths.Add(path);
            if (!ReadContext(path, [.. chain, (block.Number, block.Paths.Count - 1)]))
                return -1;
        }

        return _at < _ids.Length && _ids[_at] == ParallelClose ? CloseBlock(into, block) : -1;
    }

    private int CloseBlock(List<Node> into, Block block)
    {
        into.Add(new Token(_at++));
        return block.Number;
    }

    private void ReadSummary(List<Node> into, int block, bool inPath)
    {
        while (_at < _ids.Length && !(inPath && _ids[_at] == PathClose))
        {
            Summaries[_at] = block;
            into.Add(new Token(_at));
            if (_ids[_at++] == SummaryClose)
                return;
        }
    }

    private int Place(List<Node> items, int position, (int, int)[] chain)
    {
        foreach (var item in items)
        {
            if (item is Token token)
            {
                (Positions[token.Index], Chains[token.Index]) = (position++, chain);
                continue;
            }

            var block = (Block)item;
            (Positions[block.Parallel], Chains[block.Parallel]) = (position, chain);
            var after = position + 1;
            for (var i = 0; i < block.Paths.Count; i++)
                after = Math.Max(after, Place(block.Paths[i], position + 1, [.. chain, (block.Number, i)]));
            position = after;
        }

        return position;
    }
}
