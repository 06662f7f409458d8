using System.Diagnostics;
using ParallelR1.Models;
using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>
/// Decides what goes through the model in each step: the pending tokens of every request that decodes, and beside them a chunk of prompts.
/// Requests are admitted while there are free pages; when pages run out, those that came last lose theirs and compute them again later.
/// Used by one thread.
/// </summary>
internal sealed class Scheduler
{
    private const int ChunkRows = 512; // rows of a step, where prompts are run beside what is decoded
    private const int LeastChunk = 64;
    private const int MostLogits = 1 << 24; // of the prompts in a step
    private const int MostRows = 4096; // of what is decoded in a step

    private readonly IStepBackend _backend;
    private readonly EngineLimits _limits;
    private readonly int _vocabulary;
    private readonly PagePool _pool;
    private readonly PrefixCache _cache;
    private readonly RequestQueue _waiting = new();
    private readonly List<ScheduledRequest> _running = []; // in the order of admission
    private readonly Dictionary<PrefixKey, Prefix> _prefixes = [];
    private readonly StepTable _table = new();
    private readonly List<RowQuery> _queries = [];
    private readonly List<Action<RowAnswer>> _receivers = [];
    private readonly List<TokenRange> _seen = [];
    private long _admitted;
    private int _turn;
    private EngineStatistics _statistics = new();

    public Scheduler(IStepBackend backend, EngineLimits limits, int vocabulary)
    {
        (_backend, _limits, _vocabulary) = (backend, limits, vocabulary);
        _pool = new PagePool(limits.Pages(backend.EntryBytes), backend.Resize);
        _cache = new PrefixCache(_pool);
    }

    /// <summary>Gets whether there is a request.</summary>
    public bool HasWork => _running.Count > 0 || _waiting.Count > 0;

    /// <summary>Gets what is held, and what was done.</summary>
    public EngineStatistics Statistics => _statistics with
    {
        PagesInUse = _pool.InUse - _cache.Evictable,
        PagesCached = _cache.Evictable,
        PagesFree = _pool.Free,
        Running = _running.Count,
        Waiting = _waiting.Count,
    };

    /// <summary>Adds requests; they take turns with those of other batches.</summary>
    public void Submit(IReadOnlyList<ScheduledRequest> batch)
    {
        foreach (var request in batch)
            Need(request);
        _waiting.Add(batch);
    }

    /// <summary>Runs one step.</summary>
    public void Step()
    {
        DropCancelled();
        Admit();
        Begin();
        var (rows, chunks) = Reserve();
        _table.Clear();
        _queries.Clear();
        _receivers.Clear();
        Decode(rows);
        foreach (var (request, count) in chunks)
            AddChunk(request, count);
        if (_table.Count > 0)
        {
            var logits = _backend.Step(_table);
            Debug.Assert(_queries.Count == _table.Wanted.Length, "Every row whose logits are wanted has a question.");
            var answers = _queries.Count == 0 ? [] : BatchSampler.Answer(logits, _queries);
            for (var i = 0; i < answers.Length; i++)
                _receivers[i](answers[i]);
            _statistics = _statistics with { Steps = _statistics.Steps + 1, Rows = _statistics.Rows + _table.Count };
        }

        EndStep();
        AssertInvariants();
    }

    /// <summary>Ends every request with an error.</summary>
    public void Fail(Exception error)
    {
        foreach (var request in _running.ToArray())
            End(request, null, error);
        foreach (var request in _waiting.TakeAll(_ => true))
            Drop(request, error);
    }

    /// <summary>Forgets keys and values of old weights, and frees the memory of the pool.</summary>
    /// <exception cref="InvalidOperationException">A request is live.</exception>
    public void WeightsChanged()
    {
        if (HasWork)
            throw new InvalidOperationException($"{_running.Count + _waiting.Count} requests are live; weights may change when none is.");
        _cache.Clear();
        _pool.Clear();
        _backend.WeightsChanged();
    }

    private void DropCancelled()
    {
        foreach (var request in _running.Where(request => request.Cancellation.IsCancellationRequested).ToArray())
            End(request, null, new OperationCanceledException(request.Cancellation));
        foreach (var request in _waiting.TakeAll(request => request.Cancellation.IsCancellationRequested))
            Drop(request, new OperationCanceledException(request.Cancellation));
    }

    /// <summary>Lets requests in as long as pages are free for what they begin with, and some for what the others go on with.</summary>
    private void Admit()
    {
        var promised = _running.Where(request => request.Table is null).Select(request => request.Prefix!).Distinct().Sum(prefix => prefix.PagesToBegin);
        while (_running.Count < _limits.Sequences && _waiting.Peek() is { } request)
        {
            var known = _running.Exists(other => other.Prefix == request.Prefix);
            var pages = (known ? 2 : request.Prefix!.PagesToBegin) + request.Lost.Count / PagePool.PageSize;
            if (_running.Count > 0 && _pool.Free + Spare() - promised < pages + _running.Count / 4)
                break;
            promised += pages;
            _waiting.Take();
            if (request.Order < 0)
                request.Order = _admitted++;
            var at = _running.FindLastIndex(other => other.Order < request.Order) + 1;
            _running.Insert(at, request);
        }
    }

    /// <summary>Pages that can be had back without taking anything from a request.</summary>
    private int Spare() => (_limits.PrefixCache ? _cache.Evictable : 0) + _prefixes.Values.Where(IsIdle).Sum(prefix => prefix.Table.Pages);

    /// <summary>Whether only requests that wait need a prefix.</summary>
    private bool IsIdle(Prefix prefix) => prefix.Done > 0 && !_running.Exists(request => request.Prefix == prefix);

    /// <summary>Requests whose prompts have gone through the model begin.</summary>
    private void Begin()
    {
        foreach (var request in _running.ToArray())
        {
            // A request further up may have taken its place.
            if (request.Prefix is not { IsDone: true } prefix || !_running.Contains(request))
                continue;
            if (prefix.Failure is { } largest)
            {
                End(request, null, new LogitsException(request.Sequence.Index, 0, largest));
                continue;
            }

            var table = new PageTable(_pool);
            var begun = prefix.Begin(table, _backend.Copy);
            while (!begun && MakeRoom(request))
                begun = prefix.Begin(table, _backend.Copy);
            if (!begun)
                continue;
            (request.Table, request.Prefix) = (table, null);
            Release(prefix);
            if (request.IsStarted)
                continue;
            request.IsStarted = true;
            request.Sequence.Start(prefix.LeadLogProbs);
        }
    }

    /// <summary>Takes pages for the next step: first for what is decoded, then for chunks of what is still to be computed.</summary>
    private (int Rows, List<(ScheduledRequest Request, int Rows)> Chunks) Reserve()
    {
        var rows = 0;
        foreach (var request in _running.Where(request => request.CanDecode).ToArray())
        {
            if (_running.Contains(request) && request.Sequence.Pending.TrueForAll(token => Reserve(request, request.Table!, token.Row.Row)))
                rows += request.Sequence.Pending.Count;
        }

        var chunks = new List<(ScheduledRequest, int)>();
        var budget = Math.Max(LeastChunk, ChunkRows - rows);
        foreach (var request in _running.Where(request => !request.CanDecode).ToArray())
        {
            if (budget == 0 || !_running.Contains(request))
                continue;
            var count = 0;
            if (request.Prefix is { } prefix)
            {
                // One of the requests that begin with it carries it.
                if (chunks.Exists(chunk => chunk.Item1.Prefix == prefix))
                    continue;
                while (count < budget && prefix.Done + count < prefix.Length && Reserve(request, prefix.Table, prefix.Done + count))
                    count++;
            }
            else
            {
                foreach (var token in request.Lost.Take(budget))
                {
                    if (!Reserve(request, request.Table!, token.Row.Row))
                        break;
                    count++;
                }
            }

            if (count > 0)
                chunks.Add((request, count));
            budget -= count;
        }

        // Making room for one may have cost another its place.
        return (rows, chunks.FindAll(chunk => _running.Contains(chunk.Item1)));
    }

    private bool Reserve(ScheduledRequest request, PageTable table, int row)
    {
        while (!table.Reserve(row))
        {
            if (!MakeRoom(request))
                return false;
        }

        return true;
    }

    /// <summary>Frees a page for a request: a cached one, a prompt's that nobody needs now, or those of the request that came last.</summary>
    /// <returns>False: the request came last itself, and has lost its place.</returns>
    private bool MakeRoom(ScheduledRequest request)
    {
        if (_cache.Evict())
            return true;
        if (_prefixes.Values.FirstOrDefault(prefix => prefix.Table.Pages > 0 && IsIdle(prefix)) is { } idle)
        {
            idle.Drop();
            return true;
        }

        var victim = _running.FindLast(other => other != request && (other.Table ?? other.Prefix!.Table).Pages > 0 && (other.Prefix is null || other.Prefix != request.Prefix));
        if (victim is null)
        {
            _pool.Exceed(); // alone it gets what it needs
            return true;
        }

        if (victim.Order < request.Order)
            victim = request;
        Preempt(victim);
        return victim != request;
    }

    /// <summary>Takes a request's pages; it will compute again what it had.</summary>
    private void Preempt(ScheduledRequest request)
    {
        _statistics = _statistics with { Preemptions = _statistics.Preemptions + 1 };
        _running.Remove(request);
        if (request.Table is { } table)
        {
            table.Release();
            request.Table = null;
            request.Lost.Clear();
            foreach (var token in Enumerable.Reverse(request.Sequence.Lost()))
                request.Lost.Push(token);
            Need(request);
        }

        _waiting.AddPreempted(request);
    }

    /// <summary>Adds what is decoded to the step, in turns where it is more than a step holds.</summary>
    private void Decode(int rows)
    {
        var requests = _running.FindAll(request => request.CanDecode);
        var start = rows <= MostRows || requests.Count == 0 ? 0 : _turn % requests.Count;
        var next = 0;
        for (var i = 0; i < requests.Count && (i == 0 || _table.Count < MostRows); i++)
        {
            var request = requests[(start + i) % requests.Count];
            foreach (var token in request.Sequence.TakePending())
            {
                Debug.Assert(token.Row.Row >= 0, "A token has its row.");
                Add(request, token);
                if (!token.NeedsLogits)
                    continue;
                var query = request.Sequence.Ask(token);
                _queries.Add(query);
                _receivers.Add(answer => Receive(request, token, query, answer));
            }

            next = start + i + 1;
        }

        _turn = rows <= MostRows ? 0 : next;
    }

    private void Add(ScheduledRequest request, in PendingToken token)
    {
        _seen.Clear();
        token.Row.CopySeen(_seen);
        foreach (var range in _seen)
            request.Table!.See(range, _table);
        _table.Add(token.Row.Id, token.Row.Position, request.Table!.Entry(token.Row.Row), token.NeedsLogits);
    }

    private void AddChunk(ScheduledRequest request, int rows)
    {
        for (; rows > 0; rows--)
        {
            if (request.Prefix is not { } prefix)
            {
                Add(request, request.Lost.Pop());
                continue;
            }

            if ((long)_queries.Count * _vocabulary > MostLogits && prefix.WantsLogits)
                return;
            var row = prefix.Done;
            if (prefix.Add(_table) is not { } query)
                continue;
            _queries.Add(query);
            _receivers.Add(answer => prefix.Receive(row, answer));
        }
    }

    private void Receive(ScheduledRequest request, PendingToken token, RowQuery query, RowAnswer answer)
    {
        if (request.Table is null)
            return; // another of its tokens has ended it
        try
        {
            request.Sequence.Receive(token, query, answer);
        }
        catch (LogitsException e)
        {
            End(request, null, e);
        }
    }

    private void EndStep()
    {
        foreach (var request in _running.Where(request => request.CanDecode).ToArray())
        {
            request.Sequence.EndStep();
            request.Report();
            if (request.Sequence.Finish is not null)
                End(request, request.Sequence.Result(), null);
        }
    }

    /// <summary>Takes an admitted request out.</summary>
    private void End(ScheduledRequest request, GenerationResult? result, Exception? error)
    {
        _running.Remove(request);
        request.Table?.Release();
        request.Table = null;
        if (result is not null)
            _statistics = _statistics with { Finished = _statistics.Finished + 1, Tokens = _statistics.Tokens + result.Ids.Length, Rejoined = _statistics.Rejoined + result.Rejoined };
        Drop(request, error, result);
    }

    private void Drop(ScheduledRequest request, Exception? error, GenerationResult? result = null)
    {
        if (request.Prefix is { } prefix)
        {
            request.Prefix = null;
            Release(prefix);
        }

        request.Finished(result, error);
    }

    /// <summary>A request needs its prompt: the one that others need too, or a new one.</summary>
    private void Need(ScheduledRequest request)
    {
        if (!_prefixes.TryGetValue(request.PrefixKey, out var prefix))
        {
            _prefixes[request.PrefixKey] = prefix = new Prefix(request.PrefixKey, request.Sequence.Trace, _pool);
            if (_limits.PrefixCache)
                prefix.TakeFrom(_cache);
        }

        prefix.Users++;
        request.Prefix = prefix;
    }

    /// <summary>A request needs its prompt no more.</summary>
    private void Release(Prefix prefix)
    {
        Debug.Assert(prefix.Users > 0, "A prompt is released once by each request.");
        if (--prefix.Users > 0)
            return;
        if (_limits.PrefixCache)
            prefix.LeaveTo(_cache);
        prefix.Drop();
        _prefixes.Remove(prefix.Key);
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_running.Count <= _limits.Sequences, "No more requests run than are allowed.");
        Debug.Assert(_running.TrueForAll(request => request.Table is null == request.Prefix is not null), "A request has begun, or needs its prompt.");
        Debug.Assert(_running.Zip(_running.Skip(1)).All(pair => pair.First.Order < pair.Second.Order), "Requests run in the order of admission.");
        Debug.Assert(_prefixes.Values.All(prefix => prefix.Users > 0), "A prompt is kept while a request needs it.");
        var held = _running.Sum(request => request.Table?.Pages ?? 0) + _prefixes.Values.Sum(prefix => prefix.Table.Pages) + _cache.Count;
        Debug.Assert(held == _pool.Users(), "Every page is held by those that count as its users.");
        Debug.Assert(HasWork || _pool.InUse == _cache.Count, "Without requests only the cache holds pages.");
    }
}

/// <summary>What an engine holds, and what it has done.</summary>
public sealed record EngineStatistics
{
    /// <summary>Gets the pages of keys and values that live requests hold.</summary>
    public int PagesInUse { get; init; }

    /// <summary>Gets the pages that are kept for requests to come and can be had back.</summary>
    public int PagesCached { get; init; }

    /// <summary>Gets the pages that are free.</summary>
    public int PagesFree { get; init; }

    /// <summary>Gets the requests that are admitted.</summary>
    public int Running { get; init; }

    /// <summary>Gets the requests that wait.</summary>
    public int Waiting { get; init; }

    /// <summary>Gets the requests that ended with a result.</summary>
    public long Finished { get; init; }

    /// <summary>Gets the response tokens of these.</summary>
    public long Tokens { get; init; }

    /// <summary>Gets the tokens that were run through the model a second time when Seen joined their block.</summary>
    public long Rejoined { get; init; }

    /// <summary>Gets the steps.</summary>
    public long Steps { get; init; }

    /// <summary>Gets the rows of all steps: tokens of prompts and responses that went through the model.</summary>
    public long Rows { get; init; }

    /// <summary>Gets how often a request lost its pages to one that came before it.</summary>
    public long Preemptions { get; init; }
}
