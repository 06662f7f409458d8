using System.Runtime.InteropServices;

namespace ParallelR1.Thinking;

/// <summary>
/// The growing trace of an engine, and the only place where it gets positions from. Tokens are appended in the order in which they are
/// decoded (the paths of a block in lockstep); <see cref="Assemble"/> gives them in the order in which they are written.
/// </summary>
/// <remarks>
/// Blocks are opened on the main line. A lead may end anywhere, also inside nested blocks: the innermost block is finished first,
/// then what encloses it. As long as no tag is appended where it may not appear, <see cref="TraceLayout.Read"/> of the result gives the
/// positions and the visibility handed out here.
/// </remarks>
public sealed partial class TraceBuilder
{
    /// <summary>The lane of rows that no open path sees: siblings of a path around the innermost open block.</summary>
    public const int HiddenLane = -1;

    private readonly TagIds _tags;
    private readonly List<int> _ids = [];
    private readonly List<TokenOrigin> _origins = [];
    private readonly List<float> _logProbs = [];
    private readonly List<int> _positions = [];
    private readonly List<int> _seenPositions = [];
    private readonly List<int> _lanes = [];
    private readonly List<int> _order = [];
    private readonly List<BuilderFrame> _frames = [];
    private int _next;
    private int _nextSeen;
    private bool _single;
    private bool _inSummary;

    /// <summary>Starts from a prompt and a response already begun.</summary>
    public TraceBuilder(ReadOnlySpan<int> prompt, ReadOnlySpan<int> lead, TagIds tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        _tags = tags;
        PromptLength = prompt.Length;
        Begin([.. prompt, .. lead]);
    }

    /// <summary>Number of tokens of the prompt.</summary>
    public int PromptLength { get; }

    /// <summary>Number of tokens so far, the prompt included; the next row.</summary>
    public int Length => _ids.Count;

    /// <summary>Number of response tokens so far, the lead and all paths included.</summary>
    public int ResponseLength => Length - PromptLength;

    /// <summary>What the next token belongs to.</summary>
    public TraceContext Context => _inSummary ? TraceContext.Summary : _frames.Count > 0 && !_single ? TraceContext.Paths : TraceContext.Text;

    /// <summary>The paths of the innermost open block; empty on the main line. Closed ones remain until the join.</summary>
    public IReadOnlyList<TraceLane> Lanes => _frames.Count > 0 ? _frames[^1].Lanes : [];

    /// <summary>Blocks that are open, the innermost and those around it.</summary>
    public int OpenBlocks => _frames.Count;

    /// <summary>Where, in the order of the trace, the first path of the innermost open block starts; its <c>&lt;Parallel&gt;</c> stands before.</summary>
    /// <exception cref="InvalidOperationException">No block is open.</exception>
    public int BlockStart => _frames.Count > 0 ? _frames[^1].Start : throw new InvalidOperationException("No block is open.");

    /// <summary>Whether every path of the innermost open block is closed, so that it can be joined.</summary>
    public bool CanJoin => Context == TraceContext.Paths && _frames[^1].Lanes.TrueForAll(lane => lane.IsClosed);

    /// <summary>Whether the main line ends with <c>&lt;Parallel&gt;</c>, so that a block can be opened.</summary>
    public bool CanOpen => Context == TraceContext.Text && _frames.Count == 0 && Length > PromptLength
        && _ids[_order[^1]] == _tags[ThinkingTag.ParallelOpen];

    /// <summary>Whether a block was closed whose summary has not begun yet and still may.</summary>
    public bool AwaitsSummary { get; private set; }

    /// <summary>Sampled tokens of the summary being written, a sampled <c>&lt;/Summary&gt;</c> not counted.</summary>
    public int SummaryTokens { get; private set; }

    /// <summary>Blocks that the lead opened, without a last <c>&lt;Parallel&gt;</c> that has no path yet.</summary>
    public int BlocksGiven { get; private set; }

    /// <summary>Blocks opened by <see cref="OpenPaths"/>.</summary>
    public int BlocksOpened { get; private set; }

    /// <summary>The tokens by row, in the order of appending.</summary>
    public ReadOnlySpan<int> RowIds => CollectionsMarshal.AsSpan(_ids);

    /// <summary>Unseen positions by row.</summary>
    public ReadOnlySpan<int> RowPositions => CollectionsMarshal.AsSpan(_positions);

    /// <summary>Seen positions by row.</summary>
    public ReadOnlySpan<int> RowSeenPositions => CollectionsMarshal.AsSpan(_seenPositions);

    /// <summary>
    /// Lanes by row: a token of lane n sees rows of lane 0 and n, before and including its own. <see cref="Join"/> changes them:
    /// the paths of the block become visible to what follows.
    /// </summary>
    public ReadOnlySpan<int> RowLanes => CollectionsMarshal.AsSpan(_lanes);

    /// <summary>Tokens that must still be injected to finish all open paths, blocks and summaries in good form.</summary>
    public int ClosingLength
    {
        get
        {
            var summary = _tags.Newline is null ? 2 : 3;
            var count = _inSummary ? 1 : !AwaitsSummary ? 0 : _ids[_order[^1]] == _tags[ThinkingTag.ParallelClose] ? summary : 2;
            foreach (var frame in _frames)
                count += frame.Lanes.Count(lane => !lane.IsClosed) + 1 + summary;
            return count;
        }
    }

    /// <summary>Gives a token (of the prompt or lead, say) its log-probability afterwards.</summary>
    public void SetLogProb(int row, float logProb) => _logProbs[row] = logProb;

    /// <summary>Appends a token where there is only one line: text or a summary.</summary>
    /// <exception cref="InvalidOperationException">Paths are being decoded.</exception>
    public TokenPlace Append(int id, TokenOrigin origin, float logProb)
    {
        if (Context == TraceContext.Paths)
            throw new InvalidOperationException("Paths are being decoded; append to one of them, or join them.");
        var lane = _frames.Count > 0 ? InlineLane : null;
        if (lane is not null && _tags[ThinkingTag.PathClose] == id)
        {
            (_single, _inSummary, AwaitsSummary) = (false, false, false);
            return AppendToPath(lane.Path, id, origin, logProb);
        }

        var place = lane is null ? Add(id, origin, logProb, _next++, _nextSeen++, 0) : AddToLane(lane, id, origin, logProb);
        Follow(id, origin);
        return place;
    }

    /// <summary>Appends a token to a path of the innermost open block; <c>&lt;/Path&gt;</c> closes it.</summary>
    /// <exception cref="InvalidOperationException">There is no such path, or it is closed.</exception>
    public TokenPlace AppendToPath(int path, int id, TokenOrigin origin, float logProb)
    {
        if (Context != TraceContext.Paths || (uint)path >= (uint)Lanes.Count || Lanes[path].IsClosed)
            throw new InvalidOperationException($"There is no open path {path}.");
        var lane = Lanes[path];
        var place = AddToLane(lane, id, origin, logProb);
        if (id == _tags[ThinkingTag.PathClose])
        {
            lane.IsClosed = true;
            _frames[^1].After = Math.Max(_frames[^1].After, lane.Next);
        }
        else if (origin == TokenOrigin.Sampled)
        {
            lane.SampledTokens++;
        }

        return place;
    }

    /// <summary>
    /// Opens a block after <c>&lt;Parallel&gt;</c>, or adds paths to the innermost open one, until it has <paramref name="paths"/>;
    /// each new path begins with an injected <c>&lt;Path&gt;</c>. Gives the places of these tags.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no block to open or to add to.</exception>
    public TokenPlace[] OpenPaths(int paths, float logProb)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(paths);
        if (CanOpen)
        {
            _frames.Add(new BuilderFrame(_next - 1, _nextSeen - 1, _order.Count));
            AwaitsSummary = false;
            BlocksOpened++;
        }
        else if (Context != TraceContext.Paths)
        {
            throw new InvalidOperationException("A block opens after <Parallel> on the main line.");
        }

        var frame = _frames[^1];
        var places = new List<TokenPlace>();
        while (frame.Lanes.Count < paths)
        {
            // Only the first open lane can be written straight into the trace: what comes after it is not known yet.
            var inline = frame.Lanes.Count == 0;
            var lane = new TraceLane(frame.Lanes.Count, frame.Position + 1, frame.SeenPosition + 1) { Rows = inline ? null : [] };
            if (inline)
                frame.Starts.Add(_order.Count);
            frame.Lanes.Add(lane);
            places.Add(AddToLane(lane, _tags[ThinkingTag.PathOpen], TokenOrigin.Injected, logProb));
        }

        return [.. places];
    }

    /// <summary>Closes the innermost block with an injected <c>&lt;/Parallel&gt;</c>; its paths become visible to what follows.</summary>
    /// <exception cref="InvalidOperationException">A path is still open.</exception>
    public TokenPlace Join(float logProb)
    {
        if (!CanJoin)
            throw new InvalidOperationException("A block is joined when all its paths are closed.");
        var frame = _frames[^1];
        _frames.RemoveAt(_frames.Count - 1);
        foreach (var lane in frame.Lanes)
            _order.AddRange(lane.Rows ?? []);

        AwaitsSummary = true;
        var id = _tags[ThinkingTag.ParallelClose];
        if (_frames.Count == 0)
        {
            Label(frame.Start, _order.Count, 0);
            (_next, _nextSeen) = (frame.After, _order.Count);
            return Add(id, TokenOrigin.Injected, logProb, _next++, _nextSeen++, 0);
        }

        _single = true;
        LabelFrame();
        var outer = InlineLane;
        (outer.Next, outer.NextSeen) = (frame.After, _frames[^1].SeenPosition + 1 + _order.Count - _frames[^1].Starts[^1]);
        return AddToLane(outer, id, TokenOrigin.Injected, logProb);
    }

    /// <summary>Goes on with the path around a joined block without a summary. (After <c>&lt;/Summary&gt;</c> this happens by itself.)</summary>
    public void ResumePaths() => (_single, AwaitsSummary) = (false, false);

    /// <summary>The trace so far in the order in which it is written; complete when no path is open.</summary>
    public AssembledTrace Assemble()
    {
        var order = _order.ToList();
        foreach (var lane in Lanes)
            order.AddRange(lane.Rows ?? []);
        var response = order.Skip(PromptLength);
        return new AssembledTrace(
            [.. response.Select(row => _ids[row])],
            [.. response.Select(row => _origins[row])],
            [.. response.Select(row => _logProbs[row])],
            [.. order.Select(row => _positions[row])],
            [.. order.Select(row => _seenPositions[row])],
            [.. order]);
    }

    /// <summary>The path of the innermost block that is written straight into the trace.</summary>
    private TraceLane InlineLane => _frames[^1].Lanes[_frames[^1].Starts.Count - 1];

    private void Follow(int id, TokenOrigin origin)
    {
        if (!_tags.TryGet(id, out var tag))
        {
            SummaryTokens += _inSummary && origin == TokenOrigin.Sampled ? 1 : 0;
        }
        else if (_inSummary)
        {
            if (tag == ThinkingTag.SummaryClose)
                (_inSummary, _single) = (false, false);
        }
        else
        {
            _inSummary = AwaitsSummary && tag == ThinkingTag.SummaryOpen;
            (AwaitsSummary, SummaryTokens) = (false, 0);
            _single &= _inSummary;
        }
    }

    private TokenPlace AddToLane(TraceLane lane, int id, TokenOrigin origin, float logProb)
    {
        var place = Add(id, origin, logProb, lane.Next++, lane.NextSeen++, lane.Path + 1, lane.Rows ?? _order);
        return place;
    }

    private TokenPlace Add(int id, TokenOrigin origin, float logProb, int position, int seenPosition, int lane, List<int>? order = null)
    {
        var row = _ids.Count;
        _ids.Add(id);
        _origins.Add(origin);
        _logProbs.Add(logProb);
        _positions.Add(position);
        _seenPositions.Add(seenPosition);
        _lanes.Add(lane);
        (order ?? _order).Add(row);
        return new TokenPlace(row, position, seenPosition, lane);
    }
}
