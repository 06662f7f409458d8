using System.Diagnostics;

namespace ParallelR1.Thinking;

/// <summary>The states of a <see cref="TraceBuilder"/>: what the next token of a trace belongs to.</summary>
public enum TraceContext
{
    /// <summary>The main line.</summary>
    Text,

    /// <summary>One line, after a block whose summary may still begin: the main line, or (within a lead) the path around the block.</summary>
    AfterBlock,

    /// <summary>The open paths of a block, which are decoded together.</summary>
    Paths,

    /// <summary>One line: a summary.</summary>
    Summary,
}

/// <summary>
/// The growing trace of an engine. Assigns every token its row, its position, what it sees and which row predicts it. Tokens are appended
/// in the order in which they are decoded (the paths of a block in lockstep); <see cref="Assemble"/> returns them in the order of the text.
/// </summary>
/// <remarks>
/// Blocks are opened on the main line. A lead may end anywhere, also inside nested blocks: the innermost block is finished first, then the
/// blocks around it. Unless a tag is appended where it is not allowed, <see cref="TraceRows.Decoding"/> of the result gives the same
/// positions, visibility and predictors.
/// <code>
///              Unseen, pages of 4 rows; prompt "Q", two paths
/// token        Q  &lt;Parallel&gt;  &lt;Path&gt; &lt;Path&gt;  a    b    &lt;/Path&gt;  &lt;/Path&gt;  &lt;/Parallel&gt;
/// path         -  -           0      1       0    1    0        1        -
/// row          0  1           4      8       5    9    6        10       2
/// position     0  1           2      2       3    3    4        4        5
/// sees         0  0-1         0-1,4  0-1,8   …    …    0-1,4-6  0-1,8-10 0-1,4-6,8-10,2
/// predicted by -  0           1      1       4    8    5        9        10
/// </code>
/// </remarks>
public sealed class TraceBuilder
{
    /// <summary>Number of rows of a page. Branches allocate rows in pages, so that what a branch sees remains a few ranges.</summary>
    internal const int PageSize = 16;

    private readonly TagIds _tags;
    private readonly Visibility _regime;
    private readonly List<TraceToken> _tokens = [];
    private readonly List<TraceRow> _placed = []; // what was handed out, and the last row that was given
    private readonly List<OpenFrame> _frames = [];
    private readonly Stack<int> _freePages = [];
    private readonly Branch _main;
    private Branch _line; // the line of Text, AfterBlock and Summary
    private int _pages;

    /// <summary>Initializes the trace with a prompt and the beginning of a response.</summary>
    /// <param name="prompt">Token ids of the prompt.</param>
    /// <param name="lead">Token ids of the response so far.</param>
    /// <param name="tags">The six tags.</param>
    /// <param name="regime">The visibility regime.</param>
    internal TraceBuilder(ReadOnlySpan<int> prompt, ReadOnlySpan<int> lead, TagIds tags, Visibility regime)
    {
        ArgumentNullException.ThrowIfNull(tags);
        (_tags, _regime) = (tags, regime);
        PromptLength = prompt.Length;
        _line = _main = new Branch(-1, 0, 0, []);
        int[] ids = [.. prompt, .. lead];
        _pages = (ids.Length + PageSize - 1) / PageSize;
        Given = Begin(ids, out var last);
        LastGiven = last;
        if (ids.Length > 0)
            _placed.Add(last);
        AssertInvariants();
    }

    /// <summary>Gets prompt and lead as rows, for prefilling the cache.</summary>
    internal GivenRows Given { get; }

    /// <summary>Gets the last token of prompt and lead as a row; its output decides the next token.</summary>
    internal TraceRow LastGiven { get; }

    /// <summary>Gets the number of prompt tokens.</summary>
    public int PromptLength { get; }

    /// <summary>Gets the number of tokens so far, including the prompt.</summary>
    public int Length => _tokens.Count;

    /// <summary>Gets the number of response tokens so far, including the lead and all paths.</summary>
    public int ResponseLength => Length - PromptLength;

    /// <summary>Gets what the next token belongs to.</summary>
    public TraceContext Context { get; private set; }

    /// <summary>Gets the paths of the innermost open block; empty on the main line. Closed paths remain until the block is joined.</summary>
    public IReadOnlyList<Branch> Paths => _frames.Count > 0 ? _frames[^1].Paths : [];

    /// <summary>Gets the number of open blocks: the innermost one and those around it.</summary>
    public int OpenBlocks => _frames.Count;

    /// <summary>Gets whether every path of the innermost open block is closed, so that it can be joined.</summary>
    internal bool CanJoin => Context == TraceContext.Paths && _frames[^1].Paths.TrueForAll(path => path.IsClosed);

    /// <summary>Gets whether the main line ends with <c>&lt;Parallel&gt;</c>, so that a block can be opened.</summary>
    internal bool CanOpen => Context == TraceContext.Text && Length > PromptLength && LastId(_main) == _tags[ThinkingTag.ParallelOpen];

    /// <summary>Gets the number of sampled tokens of the current summary, not counting a sampled <c>&lt;/Summary&gt;</c>.</summary>
    public int SummaryTokens { get; private set; }

    /// <summary>Gets the number of blocks that the lead opened, not counting a final <c>&lt;Parallel&gt;</c> without a path.</summary>
    public int BlocksGiven { get; private set; }

    /// <summary>Gets the number of blocks opened by <see cref="OpenPaths"/>.</summary>
    public int BlocksOpened { get; private set; }

    /// <summary>Gets whether the current line ends with <c>&lt;/Parallel&gt;</c>.</summary>
    public bool EndsWithBlock => LastId(_line) == _tags[ThinkingTag.ParallelClose];

    /// <summary>Gets the number of tokens to inject so that all open paths, blocks and summaries are closed properly.</summary>
    internal int ClosingLength
    {
        get
        {
            var summary = _tags.Newline is null ? 2 : 3;
            var count = LineClosing;
            foreach (var frame in _frames)
                count += frame.Paths.Count(path => !path.IsClosed) + 1 + summary;
            return count;
        }
    }

    /// <summary>Gets the number of response tokens on the critical path so far: the main line, and the longest path of each block.</summary>
    public int CriticalLength { get; private set; }

    /// <summary>Gets the number of response tokens on the critical path if everything open is closed now.</summary>
    internal int ClosedCriticalLength
    {
        get
        {
            var summary = _tags.Newline is null ? 2 : 3;
            var line = Context == TraceContext.Paths ? null : _line;
            var end = _line.CriticalLength + LineClosing;
            for (var i = _frames.Count - 1; i >= 0; i--)
            {
                // The current line is the only path of its block that may still be open.
                var closed = _frames[i].Paths.Max(path => path.IsClosed ? path.CriticalLength : (path == line ? end : path.CriticalLength) + 1);
                (line, end) = (_frames[i].Outer, closed + 1 + summary);
            }

            return end - PromptLength;
        }
    }

    /// <summary>
    /// Gets the number of response tokens on the critical path through the current line, or through an open path, if it gets no more tokens
    /// and everything open is closed.
    /// </summary>
    /// <param name="path">A path of the innermost open block; null for the current line.</param>
    internal int CriticalLengthThrough(Branch? path = null) =>
        (path ?? _line).CriticalLength - PromptLength + (path is null ? LineClosing : 0) + CriticalClosing;

    /// <summary>Gets the same for an additional path of the innermost open block.</summary>
    /// <param name="tokens">Number of its tokens, not counting <c>&lt;/Path&gt;</c>.</param>
    internal int CriticalLengthThroughFork(int tokens) => _frames[^1].Critical.First + tokens - PromptLength + CriticalClosing;

    /// <summary>Gets the tokens of a path's ordinal that are still to be injected because a lead ends within them; empty if none are missing.</summary>
    internal ReadOnlySpan<int> MissingNumber(Branch path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (_tags.Numbers is not { } numbers)
            return [];
        var number = numbers.Ids(path.Path + 1);
        var given = path.Tokens.Count - 1;
        if (given >= number.Length)
            return [];
        for (var i = 0; i < given; i++)
        {
            if (Id(path.Tokens[i + 1]) != number[i])
                return [];
        }

        return number[given..];
    }

    /// <summary>Gets the id of a token.</summary>
    /// <param name="token">Index of the token in the order of appending.</param>
    public int Id(int token) => _tokens[token].Id;

    /// <summary>Gets the origin of a token, and the path that it belongs to (−1 for the main line).</summary>
    /// <param name="token">Index of the token in the order of appending.</param>
    public (TokenOrigin Origin, int Path) Origin(int token) => (_tokens[token].Origin, _tokens[token].Path);

    /// <summary>Gets the log-probability of a token.</summary>
    /// <param name="token">Index of the token in the order of appending.</param>
    public float LogProb(int token) => _tokens[token].LogProb;

    /// <summary>
    /// Gets the rows assigned so far whose keys and values later tokens may still see, in the order in which they must go through the model
    /// to be recomputed; without the rows of prompt and lead before <see cref="LastGiven"/>.
    /// </summary>
    internal IReadOnlyList<TraceRow> LiveRows()
    {
        var live = new HashSet<int>();
        foreach (var branch in _frames.SelectMany(frame => frame.Paths).Prepend(_main))
        {
            foreach (var range in branch.Own)
                live.UnionWith(Enumerable.Range(range.Start, range.Length));
        }

        // Seen reuses the rows of joined paths: only the last token placed in a row is live.
        var rows = new List<TraceRow>();
        for (var i = _placed.Count - 1; i >= 0; i--)
        {
            if (live.Remove(_placed[i].Row))
                rows.Add(_placed[i]);
        }

        rows.Reverse();
        return rows;
    }

    /// <summary>Sets the log-probability of a token that was appended earlier.</summary>
    internal void SetLogProb(int token, float logProb) => _tokens[token] = _tokens[token] with { LogProb = logProb };

    /// <summary>Appends a token to the only line: text or a summary.</summary>
    /// <exception cref="InvalidOperationException">Paths are being decoded.</exception>
    internal TraceRow Append(int id, TokenOrigin origin, float logProb)
    {
        if (Context == TraceContext.Paths)
            throw new InvalidOperationException("Paths are being decoded; append to one of them, or join them.");
        var row = Add(_line, id, origin, logProb, _line.LastRow);
        if (_tags.TryGet(id, out var tag))
            Follow(tag);
        else if (Context == TraceContext.Summary && origin == TokenOrigin.Sampled)
            SummaryTokens++;
        AssertInvariants();
        return row;
    }

    /// <summary>Appends a token to a path of the innermost open block; <c>&lt;/Path&gt;</c> closes it.</summary>
    /// <exception cref="InvalidOperationException">The path does not exist or is closed.</exception>
    internal TraceRow AppendToPath(int path, int id, TokenOrigin origin, float logProb)
    {
        if (Context != TraceContext.Paths || (uint)path >= (uint)Paths.Count || Paths[path].IsClosed)
            throw new InvalidOperationException($"There is no open path {path}.");
        var branch = Paths[path];
        var row = Add(branch, id, origin, logProb, branch.LastRow);
        if (id == _tags[ThinkingTag.PathClose])
            Close(branch);
        else if (origin == TokenOrigin.Sampled)
            branch.SampledTokens++;
        return row;
    }

    /// <summary>
    /// Opens a block after <c>&lt;Parallel&gt;</c>, or adds paths to the innermost open one, until it has <paramref name="paths"/> paths.
    /// Each new path begins with an injected <c>&lt;Path&gt;</c>, and with its ordinal if paths are numbered.
    /// </summary>
    /// <param name="paths">Number of paths of the block.</param>
    /// <param name="logProb">Log-probability of the <c>&lt;Path&gt;</c> tags; ordinals get theirs later.</param>
    /// <returns>The rows of the injected tokens, path by path.</returns>
    /// <exception cref="InvalidOperationException">There is no block to open or to add paths to.</exception>
    internal TraceRow[] OpenPaths(int paths, float logProb)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(paths);
        if (CanOpen)
        {
            _frames.Add(new OpenFrame(_main, new BlockPositions(_main.Next - 1, _regime), new BlockPositions(_main.CriticalLength - 1, Visibility.Unseen)));
            Context = TraceContext.Paths;
            BlocksOpened++;
        }
        else if (Context != TraceContext.Paths)
        {
            throw new InvalidOperationException("A block opens after <Parallel> on the main line.");
        }

        var frame = _frames[^1];
        var rows = new List<TraceRow>();
        while (frame.Paths.Count < paths)
        {
            var path = frame.Fork();
            rows.Add(Add(path, _tags[ThinkingTag.PathOpen], TokenOrigin.Injected, logProb, frame.ParallelRow));
            foreach (var id in _tags.Numbers is { } numbers ? numbers.Ids(path.Path + 1) : [])
                rows.Add(Add(path, id, TokenOrigin.Injected, 0, path.LastRow));
        }

        AssertInvariants();
        return [.. rows];
    }

    /// <summary>Closes the innermost block with an injected <c>&lt;/Parallel&gt;</c>, which sees all its paths.</summary>
    /// <param name="logProb">Log-probability of the tag.</param>
    /// <returns>
    /// The rows that must go through the model: in Seen the block's tokens once more, as the plain concatenation that later tokens see; then
    /// the tag.
    /// </returns>
    /// <exception cref="InvalidOperationException">A path is still open.</exception>
    internal IReadOnlyList<TraceRow> Join(float logProb)
    {
        if (!CanJoin)
            throw new InvalidOperationException("A block is joined when all its paths are closed.");
        var frame = _frames[^1];
        _frames.RemoveAt(_frames.Count - 1);
        var (outer, rows) = (frame.Outer, new List<TraceRow>());
        var predictor = frame.Paths[^1].LastRow;
        foreach (var path in frame.Paths)
        {
            outer.Tokens.AddRange(path.Tokens);
            if (_regime == Visibility.Unseen)
                outer.Join(path);
            else
                Release(path);
        }

        if (_regime == Visibility.Seen)
        {
            outer.Next = frame.Positions.First;
            foreach (var token in frame.Paths.SelectMany(path => path.Tokens))
                rows.Add(Place(outer, token, outer.Next++, outer.LastRow));
            predictor = outer.LastRow;
        }

        Debug.Assert(_regime == Visibility.Unseen || outer.Next == frame.Positions.After, "The concatenation takes as many positions as the paths.");
        outer.Next = frame.Positions.After;
        outer.CriticalLength = frame.Critical.After;
        (_line, Context) = (outer, TraceContext.AfterBlock);
        rows.Add(Add(outer, _tags[ThinkingTag.ParallelClose], TokenOrigin.Injected, logProb, predictor));
        AssertInvariants();
        return rows;
    }

    /// <summary>Resumes the paths around a joined block without a summary. (After <c>&lt;/Summary&gt;</c> this is automatic.)</summary>
    /// <exception cref="InvalidOperationException">No path is open around the block.</exception>
    internal void ResumePaths() =>
        Context = _frames.Count > 0 ? TraceContext.Paths : throw new InvalidOperationException("No path is open around the block.");

    /// <summary>Gets the trace so far in the order of the written text; complete if no path is open.</summary>
    internal AssembledTrace Assemble()
    {
        int[] order = [.. _main.Tokens, .. _frames.SelectMany(frame => frame.Paths).SelectMany(path => path.Tokens)];
        var response = order.AsSpan(PromptLength).ToArray();
        return new AssembledTrace(
            Array.ConvertAll(response, token => _tokens[token].Id),
            Array.ConvertAll(response, token => _tokens[token].Origin),
            Array.ConvertAll(response, token => _tokens[token].LogProb),
            Array.ConvertAll(order, token => _tokens[token].Position),
            order);
    }

    /// <summary>Gets the response so far, line by line: the text before the innermost open block, then each of its paths.</summary>
    /// <returns>The token ids of each line, and its path; null for the first line.</returns>
    public IEnumerable<(int[] Ids, Branch? Path)> Lines()
    {
        var before = _main.Tokens.Skip(PromptLength).Concat(_frames.SkipLast(1).SelectMany(frame => frame.Paths).SelectMany(path => path.Tokens));
        yield return ([.. before.Select(Id)], null);
        foreach (var path in Paths)
            yield return ([.. path.Tokens.Select(Id)], path);
    }

    /// <summary>Number of critical-path tokens from the end of an open path, including its <c>&lt;/Path&gt;</c>, to the end of the outermost block's summary.</summary>
    private int CriticalClosing => _frames.Count * (2 + (_tags.Newline is null ? 2 : 3));

    /// <summary>Number of tokens to inject to finish the current line, not counting those of the open blocks around it.</summary>
    private int LineClosing => Context switch
    {
        TraceContext.Summary => 1,
        TraceContext.AfterBlock => EndsWithBlock && _tags.Newline is not null ? 3 : 2,
        _ => 0,
    };

    private int LastId(Branch branch) => _tokens[branch.Tokens[^1]].Id;

    /// <summary>Changes the state after a tag on the current line.</summary>
    private void Follow(ThinkingTag tag)
    {
        var summary = Context == TraceContext.Summary;
        if (tag == ThinkingTag.PathClose && _frames.Count > 0)
        {
            Close(_line);
            Context = TraceContext.Paths;
        }
        else if (!summary)
        {
            var opens = Context == TraceContext.AfterBlock && tag == ThinkingTag.SummaryOpen;
            SummaryTokens = 0;
            Context = opens ? TraceContext.Summary : AfterLine;
        }
        else if (tag == ThinkingTag.SummaryClose)
        {
            Context = AfterLine;
        }
    }

    /// <summary>The state after text or a finished summary: the open paths, or the main line.</summary>
    private TraceContext AfterLine => _frames.Count > 0 ? TraceContext.Paths : TraceContext.Text;

    private void Close(Branch path)
    {
        path.IsClosed = true;
        _frames[^1].Positions.End(path.Next);
        _frames[^1].Critical.End(path.CriticalLength);
    }

    private TraceRow Add(Branch branch, int id, TokenOrigin origin, float logProb, int predictor)
    {
        var token = _tokens.Count;
        _tokens.Add(new TraceToken(id, origin, logProb, branch.Next, branch.Path));
        branch.Tokens.Add(token);
        CriticalLength = Math.Max(CriticalLength, ++branch.CriticalLength - PromptLength);
        return Place(branch, token, branch.Next++, predictor);
    }

    private TraceRow Place(Branch branch, int token, int position, int predictor)
    {
        if (branch.RoomInPage is not { } row)
        {
            var page = _freePages.TryPop(out var free) ? free : _pages++;
            row = page * PageSize;
            branch.TakePage(row + PageSize);
        }

        branch.Add(row);
        _placed.Add(new TraceRow(_tokens[token].Id, row, position, predictor, token, branch, branch.Own.Length));
        return _placed[^1];
    }

    /// <summary>Frees the pages of a joined path (Seen): its rows are not seen again.</summary>
    private void Release(Branch path)
    {
        foreach (var range in path.Own)
        {
            for (var page = (Math.Max(range.Start, Given.Length) + PageSize - 1) / PageSize; page * PageSize < range.End; page++)
                _freePages.Push(page);
        }
    }

    private GivenRows Begin(int[] ids, out TraceRow last)
    {
        var reader = new TraceReader(_tags, _regime);
        reader.Read(ids, PromptLength);
        // The critical path has as many tokens as the response has positions in Unseen.
        var critical = reader;
        if (_regime != Visibility.Unseen)
        {
            critical = new TraceReader(_tags, Visibility.Unseen);
            critical.Read(ids, PromptLength);
        }

        CriticalLength = Math.Max(0, critical.Extent - PromptLength);
        for (var i = 0; i < ids.Length; i++)
            _tokens.Add(new TraceToken(ids[i], TokenOrigin.Given, 0, reader.Positions[i], -1));

        // A block without a path has not begun: its <Parallel> is the last token, and may still turn out to be text.
        var open = reader.Open.Where(block => block.Path >= 0).ToArray();
        var criticalOpen = critical.Open.Where(block => block.Path >= 0).ToArray();
        BlocksGiven = reader.Blocks.Count(block => block.Paths.Count > 0);
        var line = _main;
        var start = 0;
        foreach (var (block, criticalBlock) in open.Zip(criticalOpen))
        {
            var read = reader.Blocks[block.Block];
            Give(line, start, read.Paths[0].Start);
            var frame = new OpenFrame(line, block.Positions, criticalBlock.Positions);
            foreach (var path in read.Paths)
            {
                line = frame.Fork();
                (line.IsClosed, line.Next, start) = (path.Closed, reader.NextPosition, path.Start);
                line.CriticalLength = path.Closed ? critical.Positions[path.End - 1] + 1 : critical.NextPosition;
                if (path.Closed)
                    Give(line, path.Start, path.End);
            }

            _frames.Add(frame);
        }

        if (!line.IsClosed)
            Give(line, start, ids.Length);
        (line.Next, line.CriticalLength, _line) = (reader.NextPosition, critical.NextPosition, line);
        line.TakePage(_pages * PageSize);
        last = ids.Length == 0 ? default : new TraceRow(ids[^1], ids.Length - 1, _tokens[^1].Position, -1, ids.Length - 1, line, line.Own.Length);
        Context = reader.State == ReaderState.Summary ? TraceContext.Summary
            : reader.State == ReaderState.Text && reader.Summarised >= 0 ? TraceContext.AfterBlock
            : AfterLine;
        return GivenRows.Of(ids, PromptLength, _tags, _regime, reader, open);
    }

    private static void Give(Branch branch, int start, int end)
    {
        branch.AddGiven(new TokenRange(start, end));
        branch.Tokens.AddRange(Enumerable.Range(start, end - start));
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(Context != TraceContext.Paths || _frames.Count > 0, "Paths are decoded in an open block.");
        Debug.Assert(Context != TraceContext.Text || (_frames.Count == 0 && _line == _main), "Text stands on the main line.");
        Debug.Assert(_frames.Count == 0 || Context == TraceContext.Paths || !_line.IsClosed, "A line that is written is open.");
        Debug.Assert(_regime != Visibility.Unseen || _line.CriticalLength == _line.Next, "In Unseen positions count the critical path.");
        Debug.Assert(CriticalLength >= _line.CriticalLength - PromptLength && CriticalLength <= ResponseLength, "No line is longer than the critical path, and that no longer than the response.");
        Debug.Assert(_main.Tokens.Count + _frames.Sum(frame => frame.Paths.Sum(path => path.Tokens.Count)) == Length, "Every token lies in one branch.");
        var pages = _frames.SelectMany(frame => frame.Paths).Prepend(_main).SelectMany(branch => branch.PagesFrom(Given.Length)).ToList();
        Debug.Assert(pages.Distinct().Count() == pages.Count && !pages.Exists(_freePages.Contains), "A page belongs to one branch, or is free.");
    }

    private readonly record struct TraceToken(int Id, TokenOrigin Origin, float LogProb, int Position, int Path);

    /// <summary>A block that is being decoded.</summary>
    private sealed class OpenFrame(Branch outer, BlockPositions positions, BlockPositions critical)
    {
        public BlockPositions Positions = positions;

        /// <summary>The same for lengths of the critical path, which are counted like positions in Unseen.</summary>
        public BlockPositions Critical = critical;

        /// <summary>The branch that the block is part of.</summary>
        public Branch Outer { get; } = outer;

        /// <summary>The row of its <c>&lt;Parallel&gt;</c>, which predicts the first token of every path.</summary>
        public int ParallelRow { get; } = outer.LastRow;

        public List<Branch> Paths { get; } = [];

        public Branch Fork()
        {
            Paths.Add(new Branch(Paths.Count, Positions.First, Critical.First, Outer.Seen()));
            return Paths[^1];
        }
    }
}

/// <summary>A decoded trace in the order of the written text: path after path.</summary>
/// <param name="Response">Token ids of the response.</param>
/// <param name="Origins">Origin of each response token.</param>
/// <param name="LogProbs">Natural log-probability of each response token.</param>
/// <param name="Positions">Position at which each token, including the prompt, is decoded.</param>
/// <param name="Tokens">Index of each token, including the prompt, in the order of appending.</param>
internal sealed record AssembledTrace(int[] Response, TokenOrigin[] Origins, float[] LogProbs, int[] Positions, int[] Tokens)
{
    /// <summary>Gets, for each response token, whether the model sampled it.</summary>
    public bool[] Sampled => [.. Origins.Select(origin => origin == TokenOrigin.Sampled)];
}

/// <summary>The origin of a token of a trace.</summary>
public enum TokenOrigin
{
    /// <summary>Part of the prompt or of the lead.</summary>
    Given,

    /// <summary>Sampled by the model; the only kind that carries loss in reinforcement learning.</summary>
    Sampled,

    /// <summary>Forced by the engine: tags, the newline before a summary, the ordinals of numbered paths.</summary>
    Injected,
}
