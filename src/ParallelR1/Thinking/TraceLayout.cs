using System.Collections.Immutable;

namespace ParallelR1.Thinking;

/// <summary>
/// The structure of a trace (prompt and response): for every token its segment, its position and what it sees.
/// The only source of spans, positions and masks. Memory is proportional to the number of tokens (one position each) and spans.
/// </summary>
public sealed class TraceLayout
{
    private readonly int[] _positions;
    private readonly List<Segment> _segments;
    private readonly List<int> _segmentNodes;
    private readonly List<ParallelBlock> _blocks;
    private readonly List<HiddenNode> _nodes;

    internal TraceLayout(TraceReader reader, int promptLength)
    {
        _positions = [.. reader.Positions];
        _segments = reader.Segments;
        _segmentNodes = reader.SegmentNodes;
        _blocks = reader.Blocks;
        _nodes = reader.Nodes;
        PromptLength = promptLength;
        CriticalPathLength = Math.Max(reader.Extent - promptLength, 0);
    }

    private TraceLayout(int length, int promptLength)
    {
        _positions = new int[length];
        for (var i = 0; i < length; i++)
            _positions[i] = i;
        _segments = [];
        if (promptLength > 0)
            _segments.Add(new Segment(SegmentKind.Prompt, -1, -1, 0, promptLength));
        if (length > promptLength)
            _segments.Add(new Segment(SegmentKind.Main, -1, -1, promptLength, length));
        _segmentNodes = [.. _segments.Select(_ => -1)];
        _blocks = [];
        _nodes = [];
        PromptLength = promptLength;
        CriticalPathLength = length - promptLength;
    }

    /// <summary>Gets the number of tokens, prompt and response.</summary>
    public int Length => _positions.Length;

    /// <summary>Gets the number of prompt tokens.</summary>
    public int PromptLength { get; }

    /// <summary>Gets the position id of each token.</summary>
    public ReadOnlySpan<int> Positions => _positions;

    /// <summary>Gets all tokens as maximal runs of equal kind, block and path, in order.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Gets the blocks, in the order of their <c>&lt;Parallel&gt;</c>.</summary>
    public IReadOnlyList<ParallelBlock> Blocks => _blocks;

    /// <summary>
    /// Gets the number of response tokens on the critical path, which has only the longest path of each block, also of nested ones: the number of
    /// steps of parallel decoding.
    /// </summary>
    public int CriticalPathLength { get; }

    /// <summary>Reads the structure from the response; tags in the prompt are text. Never fails; linear in the number of tokens.</summary>
    /// <param name="ids">Token ids of prompt and response.</param>
    /// <param name="promptLength">Number of tokens of the prompt.</param>
    /// <param name="tags">The six tags.</param>
    public static TraceLayout Read(ReadOnlySpan<int> ids, int promptLength, TagIds tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentOutOfRangeException.ThrowIfNegative(promptLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(promptLength, ids.Length);
        var reader = new TraceReader(tags, Visibility.Unseen);
        reader.Read(ids, promptLength);
        return new TraceLayout(reader, promptLength);
    }

    /// <summary>Creates a layout with ordinary positions, causal attention and no blocks.</summary>
    /// <param name="length">Number of tokens, prompt and response.</param>
    /// <param name="promptLength">Number of tokens of the prompt.</param>
    public static TraceLayout Causal(int length, int promptLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(promptLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(promptLength, length);
        return new TraceLayout(length, promptLength);
    }

    /// <summary>Gets the relative position of a block within the response, from 0 at its first token to 1 at its end.</summary>
    /// <param name="block">A block of this trace.</param>
    public double RelativeStart(ParallelBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return (double)(block.ParallelIndex - PromptLength) / (Length - PromptLength);
    }

    /// <summary>
    /// Gets the indices of the tokens that form the ordinals of numbered paths (see <see cref="PathNumbers"/>). An engine injects them, and
    /// they carry no loss in supervised fine-tuning either.
    /// </summary>
    /// <returns>Token indices in ascending order.</returns>
    public IEnumerable<int> NumberTokens() =>
        _blocks.SelectMany(block => block.Paths).SelectMany(path => Enumerable.Range(path.Start + 1, path.NumberTokens)).Order();

    /// <summary>Gets whether a token (row, query) may attend to another (column, key). Logarithmic in the number of segments and the nesting depth.</summary>
    /// <param name="row">Index of the attending token.</param>
    /// <param name="column">Index of the token attended to.</param>
    public bool Sees(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Length);
        if (column > row)
            return false;

        // The hidden ranges of a row lie one after the other from the outermost node to the innermost:
        // only the last one that starts at or before the column can hold it.
        var node = _segmentNodes[SegmentAt(row)];
        while (node >= 0 && _nodes[node].Start > column)
        {
            var jump = _nodes[node].Jump;
            node = jump >= 0 && _nodes[jump].Start > column ? jump : _nodes[node].Parent;
        }

        return node < 0 || column >= _nodes[node].End;
    }

    /// <summary>Gets the index in <see cref="Segments"/> of the segment that holds a token.</summary>
    /// <param name="index">Index of the token.</param>
    public int SegmentAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
        int low = 0, high = _segments.Count - 1;
        while (low < high)
        {
            var middle = low + (high - low + 1) / 2;
            if (_segments[middle].Start <= index)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>
    /// Gets what every row sees, as maximal runs of rows that share the same earlier columns; together all rows, in order.
    /// The runs are created lazily; a run has at most one more column range than its rows have hidden ranges.
    /// </summary>
    public IEnumerable<VisibleRun> VisibleRuns()
    {
        var hidden = new List<TokenRange>();
        foreach (var (rows, node) in Runs())
        {
            Collect(node, hidden);
            yield return new VisibleRun(rows.Start, rows.End, Complement(hidden, rows.Start));
        }
    }

    /// <summary>
    /// Gets what causal attention would show and the structure hides: for each maximal run of rows with the same hidden columns,
    /// one rectangle for each maximal run of those columns; sorted. The rectangles are created lazily.
    /// </summary>
    public IEnumerable<HiddenRange> Hidden()
    {
        var hidden = new List<TokenRange>();
        foreach (var (rows, node) in Runs())
        {
            Collect(node, hidden);
            foreach (var columns in hidden)
                yield return new HiddenRange(rows.Start, rows.End, columns.Start, columns.End);
        }
    }

    /// <summary>Gets the maximal runs of rows with the same hidden node, thus the same hidden columns.</summary>
    private IEnumerable<(TokenRange Rows, int Node)> Runs()
    {
        for (var i = 0; i < _segments.Count;)
        {
            var (start, node) = (_segments[i].Start, _segmentNodes[i]);
            while (i < _segments.Count && _segmentNodes[i] == node)
                i++;
            yield return (new TokenRange(start, _segments[i - 1].End), node);
        }
    }

    private void Collect(int node, List<TokenRange> hidden)
    {
        hidden.Clear();
        for (; node >= 0; node = _nodes[node].Parent)
            hidden.Add(new TokenRange(_nodes[node].Start, _nodes[node].End));
        hidden.Reverse();
    }

    private static ImmutableArray<TokenRange> Complement(List<TokenRange> hidden, int end)
    {
        var visible = ImmutableArray.CreateBuilder<TokenRange>(hidden.Count + 1);
        var start = 0;
        foreach (var range in hidden)
        {
            if (range.Start > start)
                visible.Add(new TokenRange(start, range.Start));
            start = range.End;
        }

        if (end > start)
            visible.Add(new TokenRange(start, end));
        return visible.DrainToImmutable();
    }
}

/// <summary>The two visibility regimes of parallel thinking.</summary>
public enum Visibility
{
    /// <summary>Structured: paths start at the same position and do not see their siblings; the text after the block sees all of them.</summary>
    Unseen,

    /// <summary>Causal: ordinary positions and causal attention over the concatenation, although paths were decoded independently.</summary>
    Seen,
}

/// <summary>A maximal run of tokens with equal kind, block and path.</summary>
/// <param name="Kind">What the tokens are part of.</param>
/// <param name="Block">The innermost block of a path's tokens, the summarised block of a summary's tokens, else −1.</param>
/// <param name="Path">The path within that block, else −1.</param>
/// <param name="Start">Index of the first token.</param>
/// <param name="End">Index after the last token.</param>
public readonly record struct Segment(SegmentKind Kind, int Block, int Path, int Start, int End);

/// <summary>What a run of tokens is part of.</summary>
public enum SegmentKind
{
    /// <summary>The prompt; tags in it are text.</summary>
    Prompt,

    /// <summary>The main line of the response, with the <c>&lt;Parallel&gt;</c> and <c>&lt;/Parallel&gt;</c> of its blocks.</summary>
    Main,

    /// <summary>A path, both tags included; with the <c>&lt;Parallel&gt;</c> and <c>&lt;/Parallel&gt;</c> of blocks nested in it.</summary>
    Path,

    /// <summary>A block's summary, both tags included.</summary>
    Summary,
}
