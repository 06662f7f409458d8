using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>
/// One response while it is decoded: decides which tokens go to the model next, and processes the logits that come back. Does not use
/// tensors; positions, rows and what they see come from the <see cref="TraceBuilder"/>.
/// </summary>
internal sealed class LiveSequence
{
    private const int MostPaths = 1 << 16; // tells the draws of nested blocks apart

    private readonly GenerationRequest _request;
    private readonly GenerationOptions _options;
    private readonly TokenRules _rules;
    private readonly Sampler _sampler;
    private readonly int _maxTokens;
    private readonly StopSequences? _stop;
    private readonly Dictionary<int, Draw> _draws = []; // by token
    private readonly List<TraceRow> _unscored = []; // injected tokens whose predictor has not gone to the model yet
    private int _lineDraws;
    private int _pathBudget;
    private int _pathEnd = int.MaxValue; // length of the critical path at which a path is closed
    private bool _capHit;
    private int _rejoined;
    private float _joinLogProb;

    /// <summary>Initializes the sequence with prompt and lead.</summary>
    /// <param name="index">Index of the request.</param>
    /// <param name="request">The request.</param>
    /// <param name="options">How it is decoded.</param>
    /// <param name="rules">Ids of tags and end-of-text, and the tokens that are banned in each context.</param>
    /// <param name="sampler">The sampler.</param>
    /// <param name="maxTokens">Maximum number of response tokens, including the lead.</param>
    /// <param name="stop">Watches the main line for the request's stop sequences; null if it has none.</param>
    public LiveSequence(int index, GenerationRequest request, GenerationOptions options, TokenRules rules, Sampler sampler, int maxTokens, StopSequences? stop = null)
    {
        Index = index;
        (_request, _options, _rules, _sampler, _maxTokens) = (request, options, rules, sampler, maxTokens);
        _stop = stop;
        Trace = new TraceBuilder(request.Prompt, request.Lead, rules.Tags, options.Visibility);
    }

    public int Index { get; }

    public TraceBuilder Trace { get; }

    /// <summary>Why decoding ended; null while it continues.</summary>
    public FinishReason? Finish { get; private set; }

    /// <summary>Tokens for the next step, in the order in which they enter the cache.</summary>
    public List<PendingToken> Pending { get; private set; } = [];

    private bool OnMainLine => Trace.Paths.Count == 0;

    /// <summary>Number of response tokens that may still be sampled, leaving room to close everything open.</summary>
    private int Room => _maxTokens - Trace.ResponseLength - Trace.ClosingLength;

    private int CriticalTokens => _options.CriticalTokens > 0 ? _options.CriticalTokens : int.MaxValue;

    /// <summary>Number of tokens that may still be sampled on the current line within the critical-path budget.</summary>
    private int CriticalRoom => CriticalTokens - Trace.CriticalLengthThrough();

    /// <summary>Whether the current line has to be closed.</summary>
    private bool LineIsFull => Room <= 0 || CapIsHit(CriticalRoom <= 0);

    /// <summary>Decides which tokens go to the model first; prompt and lead are in the cache except for their last token.</summary>
    /// <param name="leadLogProbs">Log-probability of each token of the lead.</param>
    public void Start(ReadOnlySpan<float> leadLogProbs)
    {
        for (var i = 0; i < leadLogProbs.Length; i++)
            Trace.SetLogProb(Trace.PromptLength + i, leadLogProbs[i]);
        var last = Trace.LastGiven;
        if (IsLong || (_options.Parallel && (Room < 0 || CapIsHit(Trace.ClosedCriticalLength > CriticalTokens))))
            Finish = FinishReason.Length; // where what the lead left open cannot be closed any more, it stays as it is
        else if (Trace.CanOpen && MayOpen())
            OpenBlock(last);
        else if (Trace.Context == TraceContext.Paths)
            ResumePaths(last);
        else if (Trace.Context == TraceContext.AfterBlock && _options.Parallel)
            OpenSummary(last, Trace.EndsWithBlock ? _rules.BeforeSummary : _rules.BeforeSummary[^1..]);
        else
            Pending.Add(new PendingToken(last, HeadUse.Line));
    }

    /// <summary>Removes and returns the pending tokens, which go to the model.</summary>
    public List<PendingToken> TakePending()
    {
        var taken = Pending.ConvertAll(token => token with { Scores = _unscored.Exists(row => row.Predictor == token.Row.Row) });
        Pending = [];
        return taken;
    }

    /// <summary>Gets the tokens to recompute before the pending ones, after the sequence has lost its keys and values.</summary>
    public List<PendingToken> Lost()
    {
        var pending = Pending.Select(token => token.Row.Row).ToHashSet();
        return [.. Trace.LiveRows().Where(row => !pending.Contains(row.Row)).Select(row => new PendingToken(row, HeadUse.None))];
    }

    /// <summary>Creates the query for the logits of a token that goes to the model.</summary>
    public RowQuery Ask(in PendingToken token)
    {
        var predictor = token.Row.Row;
        var scored = token.Scores ? _unscored.Where(row => row.Predictor == predictor).Select(row => row.Id) : [];
        return token.Use switch
        {
            HeadUse.Line when LineTag() is { } tag => new RowQuery([.. scored, _rules.Tags[tag]], null),
            HeadUse.Line => new RowQuery([.. scored], new DrawQuery(_sampler, LineBans, _request.Key.Fold(0).Uniform(_lineDraws++))),
            HeadUse.Path when PathIsFull(token.Row.Branch) => new RowQuery([.. scored, _rules.Tags[ThinkingTag.PathClose]], null),
            HeadUse.Path => new RowQuery([.. scored], new DrawQuery(_sampler, _rules.BannedInPath, PathDraw(token.Row.Branch))),
            HeadUse.Join => new RowQuery([.. scored, _rules.Tags[ThinkingTag.ParallelClose]], null),
            _ => new RowQuery([.. scored], null),
        };
    }

    /// <summary>Processes the answer from the logits of a token.</summary>
    /// <exception cref="LogitsException">The logits are not usable.</exception>
    public void Receive(in PendingToken token, in RowQuery query, in RowAnswer answer)
    {
        if (answer.Failure is { } largest)
            throw new LogitsException(Index, Trace.ResponseLength, largest);
        var at = 0;
        for (var i = 0; token.Scores && i < _unscored.Count;)
        {
            if (_unscored[i].Predictor != token.Row.Row)
            {
                i++;
                continue;
            }

            Trace.SetLogProb(_unscored[i].Token, answer.Scores[at++]);
            _unscored.RemoveAt(i);
        }

        switch (token.Use)
        {
            case HeadUse.Line when query.Draw is null:
                Follow(Trace.Append(query.Scored[^1], TokenOrigin.Injected, answer.Scores[^1]));
                break;
            case HeadUse.Line:
                ExtendLine(query.Draw!, answer);
                break;
            case HeadUse.Path when query.Draw is null:
                FollowPath(Trace.AppendToPath(token.Row.Branch.Path, query.Scored[^1], TokenOrigin.Injected, answer.Scores[^1]));
                break;
            case HeadUse.Path:
                FollowPath(Sampled(Trace.AppendToPath(token.Row.Branch.Path, answer.Id, TokenOrigin.Sampled, answer.LogProb), query.Draw!, answer));
                break;
            case HeadUse.Join:
                _joinLogProb = answer.Scores[^1];
                break;
        }
    }

    /// <summary>Must be called when all logits of a step have been received: joins a block if all its paths are closed and in the cache.</summary>
    public void EndStep()
    {
        if (Finish is null && Pending.Count == 0 && Trace.CanJoin)
            Join();
    }

    public GenerationResult Result()
    {
        var trace = Trace.Assemble();
        var draws = trace.Tokens.Skip(Trace.PromptLength).Select((token, i) => _draws.TryGetValue(token, out var draw) ? draw : new Draw([], trace.LogProbs[i])).ToArray();
        return new GenerationResult(
            _request.Prompt, trace.Response, trace.Sampled, trace.LogProbs, Trace.BlocksGiven + Trace.BlocksOpened, Finish ?? FinishReason.Length)
        {
            Banned = [.. draws.Select(draw => draw.Banned)],
            AllowedLogProbs = [.. draws.Select(draw => draw.LogProb)],
            CriticalCapHit = _capHit,
            Rejoined = _rejoined,
        };
    }

    /// <summary>Whether the response has reached its maximum length.</summary>
    private bool IsLong => Trace.ResponseLength >= _maxTokens || CapIsHit(Trace.CriticalLength >= CriticalTokens);

    private bool CapIsHit(bool hit)
    {
        _capHit |= hit;
        return hit;
    }

    /// <summary>
    /// Whether a block may be opened now, or after some more tokens: the block limit is not reached, and there is room for a token in each path
    /// and in the summary.
    /// </summary>
    private bool MayOpen(int moreTokens = 0) =>
        _options.Parallel && OnMainLine && Trace.BlocksGiven + Trace.BlocksOpened < _options.Blocks
        && _maxTokens - Trace.ResponseLength - moreTokens - _rules.BlockOverhead(_options.Paths) > _options.Paths
        && CriticalTokens - Trace.CriticalLength - moreTokens - _rules.CriticalBlockOverhead(_options.Paths) > 1;

    /// <summary>Gets the tag to inject on the current line; null if a token is drawn.</summary>
    private ThinkingTag? LineTag()
    {
        if (!_options.Parallel)
            return null;
        return Trace.Context == TraceContext.Summary
            ? SummaryIsFull ? ThinkingTag.SummaryClose : null
            : !OnMainLine && LineIsFull ? ThinkingTag.PathClose : null;
    }

    private int[] LineBans => Trace.Context == TraceContext.Summary ? _rules.BannedInSummary
        : !OnMainLine ? _rules.BannedInPath
        : _rules.BannedOnMainLine(MayOpen(moreTokens: 1));

    private void ExtendLine(DrawQuery draw, in RowAnswer answer)
    {
        var main = Trace.Context != TraceContext.Summary && OnMainLine;
        var row = Sampled(Trace.Append(answer.Id, TokenOrigin.Sampled, answer.LogProb), draw, answer);
        if (_rules.IsEos(answer.Id))
            Finish = FinishReason.Eos;
        else if (main && _stop?.IsReached(answer.Id) == true)
            Finish = FinishReason.Stop;
        else if (IsLong)
            Finish = FinishReason.Length;
        else if (Trace.CanOpen && MayOpen())
            OpenBlock(row);
        else
            Follow(row);
    }

    private TraceRow Sampled(TraceRow row, DrawQuery draw, in RowAnswer answer)
    {
        _draws[row.Token] = new Draw(draw.Banned, answer.AllowedLogProb);
        return row;
    }

    /// <summary>Sends the token just appended to a line to the model; its output decides the next one.</summary>
    private void Follow(TraceRow row)
    {
        if (Trace.ClosingLength == 0 && IsLong)
            Finish = FinishReason.Length;
        else if (Trace.Context == TraceContext.Paths)
            ResumeOuterPath(row);
        else
            Pending.Add(new PendingToken(row, HeadUse.Line));
    }

    /// <summary>Resumes the path around a nested block of the lead after that block.</summary>
    private void ResumeOuterPath(TraceRow row)
    {
        SetPathBudget();
        FollowPath(row);
    }

    private bool PathIsFull(Branch path) => path.SampledTokens >= _pathBudget || CapIsHit(path.CriticalLength >= _pathEnd);

    private double PathDraw(Branch path) =>
        _request.Key.Fold(Trace.BlocksGiven + Trace.BlocksOpened).Fold(path.Path + MostPaths * (Trace.OpenBlocks - 1)).Uniform(path.SampledTokens);

    private void FollowPath(TraceRow row)
    {
        var use = !row.Branch.IsClosed ? HeadUse.Path : row.Branch.Path == Trace.Paths.Count - 1 ? HeadUse.Join : HeadUse.None;
        Pending.Add(new PendingToken(row, use));
    }

    /// <summary>Opens a block.</summary>
    /// <param name="parallel">The <c>&lt;Parallel&gt;</c>, which has not gone to the model yet.</param>
    private void OpenBlock(TraceRow parallel)
    {
        var rows = Trace.OpenPaths(_options.Paths, 0);
        Pending.Add(new PendingToken(parallel, HeadUse.None));
        _unscored.AddRange(rows.Where(path => path.Predictor == parallel.Row));
        BeginPaths(rows);
        SetPathBudget();
    }

    /// <summary>Sends the first tokens of paths to the model; the output of a path's last one decides its next token.</summary>
    private void BeginPaths(ReadOnlySpan<TraceRow> rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var last = i + 1 == rows.Length || rows[i + 1].Branch != rows[i].Branch;
            Pending.Add(new PendingToken(rows[i], last ? HeadUse.Path : HeadUse.None));
            if (!last)
                _unscored.Add(rows[i + 1]);
        }
    }

    /// <summary>Resumes a block that the lead left open: its last path, and the paths that are missing.</summary>
    private void ResumePaths(TraceRow last)
    {
        var open = Trace.Paths.Count - 1;
        var number = MissingNumber(Trace.Paths[open]);
        var wanted = Trace.Paths.Count;
        for (var room = Room - number.Length; wanted < _options.Paths && (room -= _rules.PathOverhead(wanted) + 1) >= 0 && FitsFromFork(wanted);)
            wanted++;
        var rows = Trace.OpenPaths(wanted, Trace.LogProb(Trace.Paths[0].FirstToken));
        TraceRow[] begun = [.. number.Select(id => Trace.AppendToPath(open, id, TokenOrigin.Injected, 0))];
        SetPathBudget();
        if (begun.Length == 0)
        {
            FollowPath(last);
        }
        else
        {
            Pending.Add(new PendingToken(last, HeadUse.None));
            _unscored.Add(begun[0]);
        }

        BeginPaths(begun);
        BeginPaths(rows);
    }

    /// <summary>Gets the missing tokens of the ordinal of the lead's last path, if there is room for them.</summary>
    private int[] MissingNumber(Branch path)
    {
        var missing = path.IsClosed ? [] : Trace.MissingNumber(path);
        return missing.Length <= Math.Min(Room, CriticalTokens - Trace.CriticalLengthThrough(path)) ? missing.ToArray() : [];
    }

    /// <summary>Whether an additional path of the open block, with at least one token of its own, fits into the critical-path budget.</summary>
    private bool FitsFromFork(int path) => Trace.CriticalLengthThroughFork(_rules.PathOverhead(path)) <= CriticalTokens;

    /// <summary>Divides the remaining tokens: the summary keeps its budget (or an equal share), the paths get equal shares of the rest.</summary>
    private void SetPathBudget()
    {
        var open = Trace.Paths.Count(path => !path.IsClosed);
        var room = Math.Max(0, Room);
        var summary = _options.SummaryTokens > 0 ? Math.Min(_options.SummaryTokens, Math.Max(0, room - open)) : room / (open + 1);
        _pathBudget = open == 0 ? 0 : (room - summary) / open;
        if (_options.PathTokens > 0)
            _pathBudget = Math.Min(_pathBudget, _options.PathTokens);
        SetPathEnd(open);
    }

    /// <summary>Divides the rest of the critical-path budget, measured from the longest open path, in the same way.</summary>
    private void SetPathEnd(int open)
    {
        _pathEnd = int.MaxValue;
        if (_options.CriticalTokens == 0 || open == 0)
            return;
        var end = Trace.Paths.Where(path => !path.IsClosed).Max(path => path.CriticalLength);
        var room = Math.Max(0, CriticalTokens - Trace.Paths.Where(path => !path.IsClosed).Max(Trace.CriticalLengthThrough));
        var summary = _options.SummaryTokens > 0 ? Math.Min(_options.SummaryTokens, Math.Max(0, room - 1)) : room / (open + 1);
        _pathEnd = end + room - summary;
    }

    private bool SummaryIsFull => LineIsFull || (_options.SummaryTokens > 0 && Trace.SummaryTokens >= _options.SummaryTokens);

    private void Join()
    {
        var rows = Trace.Join(_joinLogProb);
        Pending.AddRange(rows.SkipLast(1).Select(row => new PendingToken(row, HeadUse.None)));
        _rejoined += rows.Count - 1;
        if (rows.Count > 1)
            _unscored.Add(rows[^1]); // Seen: what predicts it goes through the model once more
        OpenSummary(rows[^1], _rules.BeforeSummary);
    }

    /// <summary>Injects the tokens before a summary, after a token that has not gone to the model yet.</summary>
    private void OpenSummary(TraceRow before, ReadOnlySpan<int> ids)
    {
        foreach (var id in ids)
        {
            Pending.Add(new PendingToken(before, HeadUse.None));
            before = Trace.Append(id, TokenOrigin.Injected, 0);
            _unscored.Add(before);
        }

        Pending.Add(new PendingToken(before, HeadUse.Line));
    }

    /// <summary>How a token was drawn.</summary>
    /// <param name="Banned">The tokens that could not be drawn.</param>
    /// <param name="LogProb">Its log-probability among the others.</param>
    private readonly record struct Draw(int[] Banned, float LogProb);
}
