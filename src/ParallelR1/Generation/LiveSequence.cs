using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>
/// One response while it is decoded: which tokens go to the model next, and what is done with the logits that come back. Knows nothing of
/// tensors; positions and lanes come from the <see cref="TraceBuilder"/>.
/// </summary>
internal sealed class LiveSequence
{
    private const int LeastPath = 3; // tokens of a path that says something
    private const int MostPaths = 1 << 16; // tells the draws of nested blocks apart

    private readonly GenerationRequest _request;
    private readonly GenerationOptions _options;
    private readonly TokenRules _rules;
    private readonly Sampler _sampler;
    private readonly int _maxTokens;
    private readonly Dictionary<int, Draw> _draws = []; // by row
    private int _lineDraws;
    private int _pathBudget;
    private float _joinLogProb;

    /// <param name="index">Index of the request.</param>
    /// <param name="request">What to decode.</param>
    /// <param name="options">How.</param>
    /// <param name="rules">Ids of tags and end-of-text, and what may be sampled where.</param>
    /// <param name="sampler">Draws tokens.</param>
    /// <param name="maxTokens">Tokens of the response at most, lead included.</param>
    public LiveSequence(int index, GenerationRequest request, GenerationOptions options, TokenRules rules, Sampler sampler, int maxTokens)
    {
        Index = index;
        (_request, _options, _rules, _sampler, _maxTokens) = (request, options, rules, sampler, maxTokens);
        Trace = new TraceBuilder(request.Prompt, request.Lead, rules.Tags);
    }

    public int Index { get; }

    /// <summary>The slot of the cache; set when the sequence is admitted.</summary>
    public int Slot { get; set; }

    public TraceBuilder Trace { get; }

    /// <summary>Why decoding ended; null while it goes on.</summary>
    public FinishReason? Finish { get; private set; }

    /// <summary>Tokens for the next step, in the order in which they enter the cache.</summary>
    public List<PendingToken> Pending { get; private set; } = [];

    /// <summary>Entries of the cache to forget before the next step, in Seen after a join; −1: none.</summary>
    public int CutTo { get; private set; } = -1;

    /// <summary>Whether lanes changed and must be copied to the cache before the next step, after a join.</summary>
    public bool LanesChanged { get; private set; }

    private bool Seen => _options.Visibility == Visibility.Seen;

    private bool OnMainLine => Trace.Lanes.Count == 0;

    /// <summary>Response tokens that may still be sampled before room for closing what is open runs out.</summary>
    private int Room => _maxTokens - Trace.ResponseLength - Trace.ClosingLength;

    /// <summary>Takes the logits of the prefilled rows: scores the lead and decides the first tokens.</summary>
    /// <param name="logits">Logits of the row of a given index; the rows from the last prompt token on.</param>
    public void Begin(RowLogits logits)
    {
        var last = Trace.Length - 1;
        for (var row = Trace.PromptLength; row <= last; row++)
            Trace.SetLogProb(row, LogProb(logits(row - 1), Trace.RowIds[row]));
        if (Trace.ResponseLength >= _maxTokens || (_options.Parallel && Room < 0))
            Finish = FinishReason.Length; // where what the lead left open cannot be closed any more, it stays as it is
        else if (Trace.CanOpen && MayOpen())
            OpenBlock(LogProb(logits(last), _rules.Tags[ThinkingTag.PathOpen]));
        else if (Trace.Context == TraceContext.Paths)
            ResumePaths(logits);
        else if (Trace.AwaitsSummary && _options.Parallel)
            OpenSummary(logits(last));
        else
            ExtendLine(logits(last));
    }

    /// <summary>The pending tokens went to the model: forgets them and what was asked of the cache.</summary>
    public List<PendingToken> TakePending()
    {
        var taken = Pending;
        (Pending, CutTo, LanesChanged) = ([], -1, false);
        return taken;
    }

    /// <summary>Takes the logits of one of the tokens.</summary>
    public void Receive(in PendingToken token, ReadOnlySpan<float> logits)
    {
        for (var i = 0; i < token.ScoredRows; i++)
            Trace.SetLogProb(token.ScoredRow + i, LogProb(logits, Trace.RowIds[token.ScoredRow + i]));
        switch (token.Use)
        {
            case HeadUse.Line:
                ExtendLine(logits);
                break;
            case HeadUse.Path:
                ExtendPath(token.Path, logits);
                break;
            case HeadUse.Join:
                _joinLogProb = LogProb(logits, _rules.Tags[ThinkingTag.ParallelClose]);
                break;
        }
    }

    /// <summary>Called when all logits of a step have come: joins a block whose paths are all closed and in the cache.</summary>
    public void EndStep()
    {
        if (Finish is null && Pending.Count == 0 && Trace.CanJoin)
            Join();
    }

    public GenerationResult Result()
    {
        var trace = Trace.Assemble();
        var draws = trace.Rows.Skip(Trace.PromptLength).Select((row, i) => _draws.TryGetValue(row, out var draw) ? draw : new Draw([], trace.LogProbs[i])).ToArray();
        return new GenerationResult(
            _request.Prompt, trace.Response, trace.Sampled, trace.LogProbs, Trace.BlocksGiven + Trace.BlocksOpened, Finish ?? FinishReason.Length)
        {
            Banned = [.. draws.Select(draw => draw.Banned)],
            AllowedLogProbs = [.. draws.Select(draw => draw.LogProb)],
        };
    }

    /// <summary>Whether a block may be opened now, or after some more tokens: one is left, and it has room for a token in each path and in the summary.</summary>
    private bool MayOpen(int moreTokens = 0) =>
        _options.Parallel && OnMainLine && Trace.BlocksGiven + Trace.BlocksOpened < _options.Blocks
        && _maxTokens - Trace.ResponseLength - moreTokens - _rules.BlockOverhead(_options.Paths) > _options.Paths;

    private void ExtendLine(ReadOnlySpan<float> logits)
    {
        var summary = Trace.Context == TraceContext.Summary;
        if (_options.Parallel && (summary ? SummaryIsFull : !OnMainLine && Room <= 0))
        {
            Follow(Inject(summary ? ThinkingTag.SummaryClose : ThinkingTag.PathClose, logits));
            return;
        }

        var banned = summary ? _rules.BannedInSummary
            : !OnMainLine ? _rules.BannedInPath
            : _rules.BannedOnMainLine(MayOpen(moreTokens: 1));
        var id = _sampler.Draw(logits, banned, _request.Key.Fold(0).Uniform(_lineDraws++));
        var (logProb, draw) = Scored(logits, id, banned);
        var place = Trace.Append(id, TokenOrigin.Sampled, logProb);
        _draws[place.Row] = draw;
        if (_rules.IsEos(id))
            Finish = FinishReason.Eos;
        else if (Trace.ResponseLength >= _maxTokens)
            Finish = FinishReason.Length;
        else if (Trace.CanOpen && MayOpen())
            OpenBlock(null, place);
        else
            Follow(place);
    }

    /// <summary>The token just appended to a line goes to the model; its output decides what comes next.</summary>
    private void Follow(TokenPlace place)
    {
        if (Trace.ResponseLength >= _maxTokens && Trace.ClosingLength == 0)
            Finish = FinishReason.Length;
        else if (Trace.Context == TraceContext.Paths)
            ResumeOuterPath(place);
        else
            Pending.Add(Token(place) with { Use = HeadUse.Line });
    }

    /// <summary>The path around a nested block of the lead goes on after that block.</summary>
    private void ResumeOuterPath(TokenPlace place)
    {
        SetPathBudget();
        FollowPath(place, place.Lane - 1);
    }

    private void ExtendPath(int path, ReadOnlySpan<float> logits)
    {
        var lane = Trace.Lanes[path];
        TokenPlace place;
        if (lane.SampledTokens >= _pathBudget)
        {
            place = Trace.AppendToPath(path, _rules.Tags[ThinkingTag.PathClose], TokenOrigin.Injected, LogProb(logits, _rules.Tags[ThinkingTag.PathClose]));
        }
        else
        {
            var draws = _request.Key.Fold(Trace.BlocksGiven + Trace.BlocksOpened).Fold(path + MostPaths * (Trace.OpenBlocks - 1));
            var id = _sampler.Draw(logits, _rules.BannedInPath, draws.Uniform(lane.SampledTokens));
            var (logProb, draw) = Scored(logits, id, _rules.BannedInPath);
            place = Trace.AppendToPath(path, id, TokenOrigin.Sampled, logProb);
            _draws[place.Row] = draw;
        }

        FollowPath(place, path);
    }

    private void FollowPath(TokenPlace place, int path)
    {
        var closed = Trace.Lanes[path].IsClosed;
        var use = !closed ? HeadUse.Path : path == Trace.Lanes.Count - 1 ? HeadUse.Join : HeadUse.None;
        Pending.Add(Token(place) with { Use = use, Path = path });
    }

    /// <param name="logProb">Log-probability of <c>&lt;Path&gt;</c> after <c>&lt;Parallel&gt;</c>, where known.</param>
    /// <param name="parallel">The place of <c>&lt;Parallel&gt;</c> if it is not in the cache yet.</param>
    private void OpenBlock(float? logProb, TokenPlace? parallel = null)
    {
        var places = Trace.OpenPaths(_options.Paths, logProb ?? 0);
        if (parallel is { } place)
            Pending.Add(Token(place) with { ScoredRow = places[0].Row, ScoredRows = places.Length });
        foreach (var path in places)
            Pending.Add(Token(path) with { Use = HeadUse.Path, Path = path.Lane - 1 });
        SetPathBudget();
    }

    /// <summary>Goes on with a block that the lead left open: its last path, and those that are missing.</summary>
    private void ResumePaths(RowLogits logits)
    {
        var (open, last) = (Trace.Lanes.Count - 1, Trace.Length - 1);
        var wanted = Math.Min(_options.Paths, Trace.Lanes.Count + Room / LeastPath);
        var places = Trace.OpenPaths(
            Math.Max(wanted, Trace.Lanes.Count), LogProb(logits(Trace.BlockStart - 1), _rules.Tags[ThinkingTag.PathOpen]));
        SetPathBudget();
        if (!Trace.Lanes[open].IsClosed)
            ExtendPath(open, logits(last));
        else if (places.Length == 0)
            _joinLogProb = LogProb(logits(last), _rules.Tags[ThinkingTag.ParallelClose]);
        foreach (var path in places)
            Pending.Add(Token(path) with { Use = HeadUse.Path, Path = path.Lane - 1 });
        EndStep();
    }

    /// <summary>What fits is shared: the summary keeps its budget (or an equal share), the paths get the rest in equal parts.</summary>
    private void SetPathBudget()
    {
        var open = Trace.Lanes.Count(lane => !lane.IsClosed);
        var room = Math.Max(0, Room);
        var summary = _options.SummaryTokens > 0 ? Math.Min(_options.SummaryTokens, Math.Max(0, room - open)) : room / (open + 1);
        _pathBudget = open == 0 ? 0 : (room - summary) / open;
        if (_options.PathTokens > 0)
            _pathBudget = Math.Min(_pathBudget, _options.PathTokens);
    }

    private bool SummaryIsFull => Room <= 0 || (_options.SummaryTokens > 0 && Trace.SummaryTokens >= _options.SummaryTokens);

    private void Join()
    {
        var (start, end) = (Trace.BlockStart, Trace.Length);
        var close = Trace.Join(_joinLogProb);
        LanesChanged = true;
        if (Seen)
            Replay(start, end, close);
        OpenSummary(close);
    }

    /// <summary>
    /// Seen: what follows sees the plain concatenation, so the block's tokens enter the cache again, in order and at the positions that they
    /// have in the text (of the path) around the block.
    /// </summary>
    private void Replay(int start, int end, TokenPlace close)
    {
        CutTo = start;
        var rows = Trace.Assemble().Rows;
        for (var i = start; i < end; i++)
            Pending.Add(new PendingToken(Trace.RowIds[rows[i]], i + close.SeenPosition - end, close.Lane));
        Pending[^1] = Pending[^1] with { ScoredRow = close.Row, ScoredRows = 1 };
    }

    /// <summary>Injects what leads to a summary, after a <c>&lt;/Parallel&gt;</c> that is still to go to the model.</summary>
    private void OpenSummary(TokenPlace before)
    {
        foreach (var id in _rules.BeforeSummary)
        {
            var place = Trace.Append(id, TokenOrigin.Injected, 0);
            Pending.Add(Token(before) with { ScoredRow = place.Row, ScoredRows = 1 });
            before = place;
        }

        Pending.Add(Token(before) with { Use = HeadUse.Line });
    }

    /// <summary>Injects the summary of a block that the lead closed.</summary>
    private void OpenSummary(ReadOnlySpan<float> logits)
    {
        var afterClose = Trace.RowIds[^1] == _rules.Tags[ThinkingTag.ParallelClose];
        TokenPlace? before = null;
        foreach (var id in afterClose ? _rules.BeforeSummary : _rules.BeforeSummary[^1..])
        {
            var place = Trace.Append(id, TokenOrigin.Injected, before is null ? LogProb(logits, id) : 0);
            if (before is { } earlier)
                Pending.Add(Token(earlier) with { ScoredRow = place.Row, ScoredRows = 1 });
            before = place;
        }

        Pending.Add(Token(before!.Value) with { Use = HeadUse.Line });
    }

    private TokenPlace Inject(ThinkingTag tag, ReadOnlySpan<float> logits) =>
        Trace.Append(_rules.Tags[tag], TokenOrigin.Injected, LogProb(logits, _rules.Tags[tag]));

    private PendingToken Token(TokenPlace place) =>
        new(Trace.RowIds[place.Row], Seen ? place.SeenPosition : place.Position, place.Lane);

    private static float LogProb(ReadOnlySpan<float> logits, int id) => (float)(logits[id] - Sampler.LogSumExp(logits));

    private static (float LogProb, Draw Draw) Scored(ReadOnlySpan<float> logits, int id, int[] banned)
    {
        var all = Sampler.LogSumExp(logits);
        return ((float)(logits[id] - all), new Draw(banned, (float)(logits[id] - Sampler.LogSumExp(logits, banned, all))));
    }

    /// <summary>How a token was drawn.</summary>
    /// <param name="Banned">What might not be drawn.</param>
    /// <param name="LogProb">Its log-probability among the rest.</param>
    private readonly record struct Draw(int[] Banned, float LogProb);
}
