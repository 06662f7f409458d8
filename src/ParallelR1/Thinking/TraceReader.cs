namespace ParallelR1.Thinking;

/// <summary>
/// Reads the structure of a response in one pass, with one token of look-ahead and an explicit stack:
/// constant time per token, whatever the nesting depth. The rules are in docs/traces.md.
/// </summary>
/// <param name="tags">The six tags.</param>
/// <param name="regime">The visibility regime; it only affects the positions of what follows a block.</param>
internal sealed class TraceReader(TagIds tags, Visibility regime)
{
    private const int None = -1;

    private readonly List<OpenBlock> _open = [];
    private int _next;
    private int _node = None;
    private int _summarised = None;

    public List<int> Positions { get; } = [];

    public List<Segment> Segments { get; } = [];

    /// <summary>For each segment, its hidden node or −1.</summary>
    public List<int> SegmentNodes { get; } = [];

    public List<ParallelBlock> Blocks { get; } = [];

    public List<HiddenNode> Nodes { get; } = [];

    /// <summary>Blocks that are not closed yet, outermost first.</summary>
    public IReadOnlyList<OpenBlock> Open => _open;

    public ReaderState State { get; private set; }

    /// <summary>The block whose summary may start here, or is being read; −1 for none.</summary>
    public int Summarised => _summarised;

    /// <summary>The largest position assigned so far, plus one.</summary>
    public int Extent { get; private set; }

    /// <summary>The position of the next token, unless it opens or leaves a block.</summary>
    public int NextPosition => _next;

    public void Read(ReadOnlySpan<int> ids, int promptLength)
    {
        Positions.EnsureCapacity(ids.Length);
        for (var i = 0; i < promptLength; i++)
            Emit(SegmentKind.Prompt, None, None);
        for (var i = promptLength; i < ids.Length; i++)
        {
            if (!tags.TryGet(ids[i], out var tag))
                ReadText();
            else
                ReadTag(tag, opensBlock: tag == ThinkingTag.ParallelOpen && (i + 1 == ids.Length || ids[i + 1] == tags[ThinkingTag.PathOpen]));
            if (tags.Numbers is not null && _open.Count > 0 && Blocks[_open[^1].Block].Paths is [.., var path] && path.Start == i)
                ReadNumber(ids[(i + 1)..]);
        }

        Finish(ids.Length);
    }

    private void ReadText()
    {
        if (State == ReaderState.Block)
            LeaveBlock();
        Emit();
    }

    private void ReadTag(ThinkingTag tag, bool opensBlock)
    {
        switch (State)
        {
            case ReaderState.Block when tag == ThinkingTag.PathOpen:
                OpenPath();
                return;
            case ReaderState.Block when tag == ThinkingTag.ParallelClose:
                var block = LeaveBlock();
                Blocks[block].CloseIndex = Positions.Count;
                _summarised = block;
                Emit();
                return;
            case ReaderState.Block:
                LeaveBlock();
                break;
            case ReaderState.Summary when tag == ThinkingTag.PathClose && _open.Count > 0:
                EndSummary();
                break;
            case ReaderState.Summary:
                Emit();
                if (tag == ThinkingTag.SummaryClose)
                    EndSummary();
                return;
        }

        ReadTagInText(tag, opensBlock);
    }

    private void ReadTagInText(ThinkingTag tag, bool opensBlock)
    {
        if (tag == ThinkingTag.SummaryOpen && _summarised != None)
        {
            State = ReaderState.Summary;
            Blocks[_summarised].SummaryStart = Positions.Count;
            Emit();
            return;
        }

        _summarised = None;
        if (opensBlock)
            OpenBlock();
        else if (tag == ThinkingTag.PathClose && _open.Count > 0)
            ClosePath();
        else
            Emit();
    }

    private void OpenBlock()
    {
        var (outer, path) = _open.Count == 0 ? (None, None) : (_open[^1].Block, _open[^1].Path);
        _open.Add(new OpenBlock(Blocks.Count, new BlockPositions(_next, regime), _node));
        Blocks.Add(new ParallelBlock(Blocks.Count, Positions.Count, outer, path));
        Emit(outer == None ? SegmentKind.Main : SegmentKind.Path, outer, path);
        State = ReaderState.Block;
    }

    private void OpenPath()
    {
        var block = _open[^1];
        var paths = Blocks[block.Block].Paths;
        _node = paths.Count == 0 ? block.OuterNode : AddNode(paths[0].Start, Positions.Count, block.OuterNode);
        Blocks[block.Block].OpenPath(Positions.Count);
        block.Path++;
        _open[^1] = block;
        _next = block.Positions.First;
        State = ReaderState.Text;
        Emit();
    }

    /// <summary>Reads the ordinal at the beginning of a path, if it is complete. Its tokens are otherwise ordinary text.</summary>
    private void ReadNumber(ReadOnlySpan<int> following)
    {
        var number = tags.Numbers!.Ids(_open[^1].Path + 1);
        if (following.StartsWith(number))
            Blocks[_open[^1].Block].NumberPath(number.Length);
    }

    private void ClosePath()
    {
        Emit();
        var block = _open[^1];
        Blocks[block.Block].EndPath(Positions.Count, closed: true);
        block.Positions.End(_next);
        _open[^1] = block;
        State = ReaderState.Block;
    }

    private int LeaveBlock()
    {
        var block = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        _node = block.OuterNode;
        _next = block.Positions.After;
        _summarised = None;
        State = ReaderState.Text;
        return block.Block;
    }

    private void EndSummary()
    {
        Blocks[_summarised].SummaryEnd = Positions.Count;
        _summarised = None;
        State = ReaderState.Text;
    }

    private void Finish(int length)
    {
        if (State == ReaderState.Summary)
            Blocks[_summarised].SummaryEnd = length;
        var between = State == ReaderState.Block ? 1 : 0;
        for (var i = 0; i < _open.Count - between; i++)
            Blocks[_open[i].Block].EndPath(length, closed: false);
    }

    private void Emit()
    {
        if (State == ReaderState.Summary)
            Emit(SegmentKind.Summary, _summarised, None);
        else if (_open.Count == 0)
            Emit(SegmentKind.Main, None, None);
        else
            Emit(SegmentKind.Path, _open[^1].Block, _open[^1].Path);
    }

    private void Emit(SegmentKind kind, int block, int path)
    {
        var index = Positions.Count;
        if (Segments.Count > 0 && Segments[^1] is var last && last.Kind == kind && last.Block == block && last.Path == path)
        {
            Segments[^1] = last with { End = index + 1 };
        }
        else
        {
            Segments.Add(new Segment(kind, block, path, index, index + 1));
            SegmentNodes.Add(_node);
        }

        Positions.Add(_next++);
        Extent = Math.Max(Extent, _next);
    }

    private int AddNode(int start, int end, int parent)
    {
        var depth = parent == None ? 0 : Nodes[parent].Depth + 1;
        var jump = parent;
        // Skew-binary jumps (Myers 1983): two equal jumps above merge into one.
        if (parent != None && Nodes[parent].Jump is var near and not None && Nodes[near].Jump is var far and not None
            && Nodes[parent].Depth - Nodes[near].Depth == Nodes[near].Depth - Nodes[far].Depth)
        {
            jump = far;
        }

        Nodes.Add(new HiddenNode(start, end, parent, jump, depth));
        return Nodes.Count - 1;
    }
}

/// <summary>The states of <see cref="TraceReader"/>.</summary>
internal enum ReaderState
{
    /// <summary>The main line or the text of a path.</summary>
    Text,

    /// <summary>After <c>&lt;Parallel&gt;</c>, or after a <c>&lt;/Path&gt;</c> of the block.</summary>
    Block,

    /// <summary>A summary.</summary>
    Summary,
}

/// <summary>A block that is being read.</summary>
/// <param name="block">Its index.</param>
/// <param name="positions">The positions of its paths and of the text after it.</param>
/// <param name="outerNode">The hidden node of the context around it.</param>
internal struct OpenBlock(int block, BlockPositions positions, int outerNode)
{
    public BlockPositions Positions = positions;

    public int Block { get; } = block;

    public int OuterNode { get; } = outerNode;

    /// <summary>Index of the path being read, or of the last one; −1 before the first.</summary>
    public int Path { get; set; } = -1;
}

/// <summary>
/// The columns that a path other than the first hides: the earlier paths of its block, one contiguous range.
/// The nodes form a tree over nesting; a token hides what its node and all nodes above it hide.
/// </summary>
/// <param name="Start">First hidden column: where the block's first path starts.</param>
/// <param name="End">Column after the last hidden one: where this path starts.</param>
/// <param name="Parent">The node of the enclosing context, or −1.</param>
/// <param name="Jump">An ancestor (skew-binary jump pointer), so that any ancestor is found in logarithmic time.</param>
/// <param name="Depth">Number of ancestors.</param>
internal readonly record struct HiddenNode(int Start, int End, int Parent, int Jump, int Depth);
