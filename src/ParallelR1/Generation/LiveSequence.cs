using System.Numerics.Tensors;
using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>
/// One response while it is decoded: which tokens go to the model next, and what is done with the logits that come back. Knows nothing of
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
    private readonly Dictionary<int, Draw> _draws = []; // by token
    private readonly List<TraceRow> _unscored = []; // injected tokens whose predictor has not gone to the model yet
    private int _lineDraws;
    private int _pathBudget;
    private int _pathEnd = int.MaxValue; // length of the critical path at which a path is closed
    private bool _capHit;
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
        Trace = new TraceBuilder(request.Prompt, request.Lead, rules.Tags, options.Visibility);
    }

    public int Index { get; }

    /// <summary>The slot of the cache; set when the sequence is admitted.</summary>
    public int Slot { get; set; }

    public TraceBuilder Trace { get; }

    /// <summary>Why decoding ended; null while it goes on.</summary>
    public FinishReason? Finish { get; private set; }

    /// <summary>Tokens for the next step, in the order in which they enter the cache.</summary>
    public List<PendingToken> Pending { get; private set; } = [];

    private bool OnMainLine => Trace.Paths.Count == 0;

    /// <summary>Response tokens that may still be sampled before room for closing what is open runs out.</summary>
    private int Room => _maxTokens - Trace.ResponseLength - Trace.ClosingLength;

    private int CriticalTokens => _options.CriticalTokens > 0 ? _options.CriticalTokens : int.MaxValue;

    /// <summary>Tokens that may still be sampled on the line being written before the budget on the critical path is used up.</summary>
    private int CriticalRoom => CriticalTokens - Trace.CriticalLengthThrough();

    /// <summary>Whether the line being written has to be closed.</summary>
    private bool LineIsFull => Room <= 0 || CapIsHit(CriticalRoom <= 0);

    /// <summary>Takes the logits of the prefilled rows: scores the lead and decides the first tokens.</summary>
    /// <param name="logits">Logits of a row of <see cref="TraceBuilder.Given"/>, from that of the last prompt token on.</param>
    public void Begin(RowLogits logits)
    {
        var (given, last) = (Trace.Given, Trace.Length - 1);
        for (var token = Trace.PromptLength; token <= last; token++)
            Trace.SetLogProb(token, LogProb(logits(given.Rows.Predictors[token]), Trace.Id(token)));
        var next = logits(given.Sources[last]);
        if (IsLong || (_options.Parallel && (Room < 0 || CapIsHit(Trace.ClosedCriticalLength > CriticalTokens))))
            Finish = FinishReason.Length; // where what the lead left open cannot be closed any more, it stays as it is
        else if (Trace.CanOpen && MayOpen())
            OpenBlock(LogProb(next, _rules.Tags[ThinkingTag.PathOpen]));
        else if (Trace.Context == TraceContext.Paths)
            ResumePaths(logits);
        else if (Trace.Context == TraceContext.AfterBlock && _options.Parallel)
            OpenSummary(next);
        else
            ExtendLine(next);
    }

    /// <summary>The pending tokens go to the model: forgets them.</summary>
    public List<PendingToken> TakePending()
    {
        var taken = Pending.ConvertAll(token => token with { Scores = _unscored.Exists(row => row.Predictor == token.Row.Row) });
        Pending = [];
        return taken;
    }

    /// <summary>Takes the logits of one of the tokens.</summary>
    public void Receive(in PendingToken token, ReadOnlySpan<float> logits)
    {
        var predictor = token.Row.Row;
        foreach (var row in token.Scores ? _unscored.FindAll(row => row.Predictor == predictor) : [])
            Trace.SetLogProb(row.Token, LogProb(logits, row.Id));
        if (token.Scores)
            _unscored.RemoveAll(row => row.Predictor == predictor);
        switch (token.Use)
        {
            case HeadUse.Line:
                ExtendLine(logits);
                break;
            case HeadUse.Path:
                ExtendPath(token.Row.Branch.Path, logits);
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
        var draws = trace.Tokens.Skip(Trace.PromptLength).Select((token, i) => _draws.TryGetValue(token, out var draw) ? draw : new Draw([], trace.LogProbs[i])).ToArray();
        return new GenerationResult(
            _request.Prompt, trace.Response, trace.Sampled, trace.LogProbs, Trace.BlocksGiven + Trace.BlocksOpened, Finish ?? FinishReason.Length)
        {
            Banned = [.. draws.Select(draw => draw.Banned)],
            AllowedLogProbs = [.. draws.Select(draw => draw.LogProb)],
            CriticalCapHit = _capHit,
        };
    }

    /// <summary>Whether the response has all tokens that it may have.</summary>
    private bool IsLong => Trace.ResponseLength >= _maxTokens || CapIsHit(Trace.CriticalLength >= CriticalTokens);

    private bool CapIsHit(bool hit)
    {
        _capHit |= hit;
        return hit;
    }

    /// <summary>Whether a block may be opened now, or after some more tokens: one is left, and it has room for a token in each path and in the summary.</summary>
    private bool MayOpen(int moreTokens = 0) =>
        _options.Parallel && OnMainLine && Trace.BlocksGiven + Trace.BlocksOpened < _options.Blocks
        && _maxTokens - Trace.ResponseLength - moreTokens - _rules.BlockOverhead(_options.Paths) > _options.Paths
        && CriticalTokens - Trace.CriticalLength - moreTokens - _rules.CriticalBlockOverhead(_options.Paths) > 1;

    private void ExtendLine(ReadOnlySpan<float> logits)
    {
        var summary = Trace.Context == TraceContext.Summary;
        if (_options.Parallel && (summary ? SummaryIsFull : !OnMainLine && LineIsFull))
        {
            Follow(Inject(summary ? ThinkingTag.SummaryClose : ThinkingTag.PathClose, logits));
            return;
        }

        var banned = summary ? _rules.BannedInSummary
            : !OnMainLine ? _rules.BannedInPath
            : _rules.BannedOnMainLine(MayOpen(moreTokens: 1));
        var all = Total(logits);
        var id = _sampler.Draw(logits, banned, _request.Key.Fold(0).Uniform(_lineDraws++));
        var (logProb, draw) = Scored(logits, id, banned, all);
        var row = Trace.Append(id, TokenOrigin.Sampled, logProb);
        _draws[row.Token] = draw;
        if (_rules.IsEos(id))
            Finish = FinishReason.Eos;
        else if (IsLong)
            Finish = FinishReason.Length;
        else if (Trace.CanOpen && MayOpen())
            OpenBlock(null, row);
        else
            Follow(row);
    }

    /// <summary>The token just appended to a line goes to the model; its output decides what comes next.</summary>
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

    private void ExtendPath(int path, ReadOnlySpan<float> logits)
    {
        TraceRow row;
        if (Trace.Paths[path].SampledTokens >= _pathBudget || CapIsHit(Trace.Paths[path].CriticalLength >= _pathEnd))
        {
            row = Trace.AppendToPath(path, _rules.Tags[ThinkingTag.PathClose], TokenOrigin.Injected, LogProb(logits, _rules.Tags[ThinkingTag.PathClose]));
        }
        else
        {
            var draws = _request.Key.Fold(Trace.BlocksGiven + Trace.BlocksOpened).Fold(path + MostPaths * (Trace.OpenBlocks - 1));
            var all = Total(logits);
            var id = _sampler.Draw(logits, _rules.BannedInPath, draws.Uniform(Trace.Paths[path].SampledTokens));
            var (logProb, draw) = Scored(logits, id, _rules.BannedInPath, all);
            row = Trace.AppendToPath(path, id, TokenOrigin.Sampled, logProb);
            _draws[row.Token] = draw;
        }

        FollowPath(row);
    }

    private void FollowPath(TraceRow row)
    {
        var use = !row.Branch.IsClosed ? HeadUse.Path : row.Branch.Path == Trace.Paths.Count - 1 ? HeadUse.Join : HeadUse.None;
        Pending.Add(new PendingToken(row, use));
    }

    /// <param name="logProb">Log-probability of <c>&lt;Path&gt;</c> after <c>&lt;Parallel&gt;</c>, where known.</param>
    /// <param name="parallel">The <c>&lt;Parallel&gt;</c> if it is not in the cache yet.</param>
    private void OpenBlock(float? logProb, TraceRow? parallel = null)
    {
        var rows = Trace.OpenPaths(_options.Paths, logProb ?? 0);
        if (parallel is { } row)
        {
            Pending.Add(new PendingToken(row, HeadUse.None));
            _unscored.AddRange(rows.Where(path => path.Predictor == row.Row));
        }

        BeginPaths(rows);
        SetPathBudget();
    }

    /// <summary>The first tokens of paths go to the model; what a path says follows the last of them.</summary>
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

    /// <summary>Resumes a block that the lead left open: its last path, and those that are missing.</summary>
    private void ResumePaths(RowLogits logits)
    {
        var (sources, open) = (Trace.Given.Sources, Trace.Paths.Count - 1);
        var number = MissingNumber(Trace.Paths[open]);
        var wanted = Trace.Paths.Count;
        for (var room = Room - number.Length; wanted < _options.Paths && (room -= _rules.PathOverhead(wanted) + 1) >= 0 && FitsFromFork(wanted);)
            wanted++;
        var parallel = logits(Trace.Given.Rows.Predictors[Trace.Paths[0].FirstToken]);
        var rows = Trace.OpenPaths(Math.Max(wanted, Trace.Paths.Count), LogProb(parallel, _rules.Tags[ThinkingTag.PathOpen]));
        var last = logits(sources[^1]);
        TraceRow[] begun = [.. number.Select(id => Trace.AppendToPath(open, id, TokenOrigin.Injected, 0))];
        SetPathBudget();
        if (begun.Length > 0)
            Trace.SetLogProb(begun[0].Token, LogProb(last, begun[0].Id));
        else if (!Trace.Paths[open].IsClosed)
            ExtendPath(open, last);
        else if (rows.Length == 0)
            _joinLogProb = LogProb(last, _rules.Tags[ThinkingTag.ParallelClose]);
        BeginPaths(begun);
        BeginPaths(rows);
        EndStep();
    }

    /// <summary>What a lead leaves out of the ordinal of its last path, where there is room for it.</summary>
    private int[] MissingNumber(Branch path)
    {
        var missing = path.IsClosed ? [] : Trace.MissingNumber(path);
        return missing.Length <= Math.Min(Room, CriticalTokens - Trace.CriticalLengthThrough(path)) ? missing.ToArray() : [];
    }

    /// <summary>Whether a further path of the open block that says a token fits into the budget on the critical path.</summary>
    private bool FitsFromFork(int path) => Trace.CriticalLengthThroughFork(_rules.PathOverhead(path)) <= CriticalTokens;

    /// <summary>What fits is shared: the summary keeps its budget (or an equal share), the paths get the rest in equal parts.</summary>
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

    /// <summary>On the critical path the same shares hold, of what the longest open path leaves.</summary>
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
        if (rows.Count > 1)
            _unscored.Add(rows[^1]); // Seen: what predicts it goes through the model once more
        OpenSummary(rows[^1]);
    }

    /// <summary>Injects what leads to a summary, after a <c>&lt;/Parallel&gt;</c> that is still to go to the model.</summary>
    private void OpenSummary(TraceRow before)
    {
        foreach (var id in _rules.BeforeSummary)
        {
            Pending.Add(new PendingToken(before, HeadUse.None));
            before = Trace.Append(id, TokenOrigin.Injected, 0);
            _unscored.Add(before);
        }

        Pending.Add(new PendingToken(before, HeadUse.Line));
    }

    /// <summary>Injects the summary of a block that the lead closed.</summary>
    private void OpenSummary(ReadOnlySpan<float> logits)
    {
        var ids = Trace.EndsWithBlock ? _rules.BeforeSummary : _rules.BeforeSummary[^1..];
        var before = Trace.Append(ids[0], TokenOrigin.Injected, LogProb(logits, ids[0]));
        foreach (var id in ids[1..])
        {
            Pending.Add(new PendingToken(before, HeadUse.None));
            before = Trace.Append(id, TokenOrigin.Injected, 0);
            _unscored.Add(before);
        }

        Pending.Add(new PendingToken(before, HeadUse.Line));
    }

    private TraceRow Inject(ThinkingTag tag, ReadOnlySpan<float> logits) =>
        Trace.Append(_rules.Tags[tag], TokenOrigin.Injected, LogProb(logits, _rules.Tags[tag]));

    private float LogProb(ReadOnlySpan<float> logits, int id) => (float)(logits[id] - Total(logits));

    /// <summary>log Σ eˣ, of a row in which every logit is of use.</summary>
    private double Total(ReadOnlySpan<float> logits)
    {
        var largest = TensorPrimitives.MaxMagnitude(logits);
        return LogitsException.Holds(largest) ? Sampler.LogSumExp(logits) : throw new LogitsException(Index, Trace.ResponseLength, largest);
    }

    private static (float LogProb, Draw Draw) Scored(ReadOnlySpan<float> logits, int id, int[] banned, double all) =>
        ((float)(logits[id] - all), new Draw(banned, (float)(logits[id] - Sampler.LogSumExp(logits, banned, all))));

    /// <summary>How a token was drawn.</summary>
    /// <param name="Banned">What might not be drawn.</param>
    /// <param name="LogProb">Its log-probability among the rest.</param>
    private readonly record struct Draw(int[] Banned, float LogProb);
}
