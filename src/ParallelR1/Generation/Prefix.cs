using System.Diagnostics;
using ParallelR1.Models;
using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>
/// A prompt (and lead) that requests begin with. Its rows go through the model once, in chunks, and every request that begins with it shares
/// its full pages. It is kept until every request that needs it has begun.
/// </summary>
/// <param name="key">Its identity.</param>
/// <param name="trace">A trace that begins with it.</param>
/// <param name="pool">The pool of its pages.</param>
internal sealed class Prefix(PrefixKey key, TraceBuilder trace, PagePool pool)
{
    private readonly GivenRows _given = trace.Given;
    private readonly float[] _scores = new float[trace.Given.Length - trace.PromptLength];
    private ILookup<int, int>? _scored;
    private int _run;

    public PrefixKey Key { get; } = key;

    /// <summary>Gets its page table; row r holds row r of the given rows.</summary>
    public PageTable Table { get; } = new(pool);

    /// <summary>Gets or sets the number of requests that need it and have not begun.</summary>
    public int Users { get; set; }

    /// <summary>Gets the number of rows that have gone through the model.</summary>
    public int Done { get; private set; }

    /// <summary>Gets the number of rows to run. The last token is left to each request, since its output decides the request's first draw.</summary>
    public int Length { get; } = IsPlain(trace.Given) ? trace.Given.Length - 1 : trace.Given.Rows.Length;

    public bool IsDone => Done == Length;

    /// <summary>The logit of largest magnitude, if the logits that score the lead are not usable; else null.</summary>
    public float? Failure { get; private set; }

    /// <summary>Whether the logits of the next row are needed.</summary>
    public bool WantsLogits => Scored.Contains(Done);

    /// <summary>The tokens of the lead that each row predicts.</summary>
    private ILookup<int, int> Scored => _scored ??= Enumerable.Range(trace.PromptLength, _scores.Length).Where(token => token > 0).ToLookup(token => _given.Rows.Predictors[token]);

    /// <summary>Gets the log-probability of each token of the lead.</summary>
    public ReadOnlySpan<float> LeadLogProbs => _scores;

    /// <summary>Gets the first row whose logits are needed.</summary>
    private int FirstWanted => _scores.Length == 0 ? Length : Math.Max(0, trace.PromptLength - 1);

    /// <summary>Takes cached pages of earlier requests with the same beginning.</summary>
    public void TakeFrom(PrefixCache cache)
    {
        Debug.Assert(Done == 0, "Cached pages come first.");
        if (!IsPlain(_given))
            return;
        foreach (var page in cache.Find(_given.Rows, Math.Min(Length, FirstWanted) / PagePool.PageSize))
        {
            Table.Share(page);
            Done += PagePool.PageSize;
        }
    }

    /// <summary>Adds its full pages to the cache for later requests.</summary>
    public void LeaveTo(PrefixCache cache)
    {
        if (IsDone && IsPlain(_given))
            cache.Add(_given.Rows, Table, Length / PagePool.PageSize);
    }

    /// <summary>Adds the next row to a step.</summary>
    /// <returns>The query for its logits; null if they are not needed.</returns>
    public RowQuery? Add(StepTable step)
    {
        var rows = _given.Rows;
        while (rows.Runs[_run].End <= Done)
            _run++;
        foreach (var columns in rows.Runs[_run].Columns)
            Table.See(columns, step);
        Table.See(rows.OwnColumns(_run, Done), step);
        var wanted = WantsLogits;
        step.Add(rows.Ids[rows.Tokens[Done]], rows.Positions[Done], Table.Entry(Done), wanted);
        Done++;
        return wanted ? new RowQuery([.. Scored[Done - 1].Select(token => rows.Ids[token])], null) : null;
    }

    /// <summary>Processes the answer from the logits of a row.</summary>
    public void Receive(int row, in RowAnswer answer)
    {
        Failure ??= answer.Failure;
        var at = 0;
        foreach (var token in answer.Failure is null ? Scored[row] : [])
            _scores[token - trace.PromptLength] = answer.Scores[at++];
    }

    /// <summary>Fills a request's page table with the rows up to the last token: full pages in order are shared, other rows are copied.</summary>
    /// <returns>False if the pool has no page left; the table is then unchanged.</returns>
    public bool Begin(PageTable table, Action<int, int, int> copy)
    {
        Debug.Assert(IsDone && table.Pages == 0, "A request begins when its prompt has gone through the model.");
        var (sources, count) = (_given.Sources, _given.Length - 1);
        var same = 0;
        while (same < count && sources[same] == same)
            same++;
        for (var page = 0; page < same / PagePool.PageSize; page++)
            table.Share(Table.Page(page));
        for (var row = table.Pages * PagePool.PageSize; row < count;)
        {
            if (!table.Reserve(row))
            {
                table.Release();
                return false;
            }

            // Copy as long as source and target each lie on one page.
            var length = 1;
            while (row + length < count && sources[row + length] == sources[row] + length
                && (row + length) % PagePool.PageSize != 0 && (sources[row] + length) % PagePool.PageSize != 0)
            {
                length++;
            }

            copy(Table.Entry(sources[row]), table.Entry(row), length);
            row += length;
        }

        return true;
    }

    /// <summary>Number of pages that a request needs to begin.</summary>
    public int PagesToBegin => 2 + (IsDone ? 0 : Length / PagePool.PageSize + 1 - Table.Pages) + (IsPlain(_given) ? 0 : _given.Length / PagePool.PageSize);

    /// <summary>Releases its pages; it can be run again.</summary>
    public void Drop()
    {
        Table.Release();
        (Done, _run) = (0, 0);
    }

    /// <summary>Whether the key and value of every token come from the row of the same index.</summary>
    private static bool IsPlain(GivenRows given)
    {
        if (given.Rows.Length != given.Length)
            return false;
        for (var i = 0; i < given.Length; i++)
        {
            if (given.Sources[i] != i)
                return false;
        }

        return true;
    }
}

/// <summary>The identity of a prefix: its token ids, how many of them are the prompt, and how their structure is read.</summary>
internal sealed class PrefixKey : IEquatable<PrefixKey>
{
    private readonly int[] _prompt, _lead;
    private readonly bool _parallel;
    private readonly Visibility _visibility;
    private readonly int _hash;

    public PrefixKey(GenerationRequest request, GenerationOptions options)
    {
        (_prompt, _lead, _parallel, _visibility) = (request.Prompt, request.Lead, options.Parallel, options.Visibility);
        var hash = new HashCode();
        foreach (var id in _prompt)
            hash.Add(id);
        foreach (var id in _lead)
            hash.Add(id);
        hash.Add((_prompt.Length, _parallel, _visibility));
        _hash = hash.ToHashCode();
    }

    public bool Equals(PrefixKey? other) =>
        other is not null && _hash == other._hash && _parallel == other._parallel && _visibility == other._visibility
        && (ReferenceEquals(_prompt, other._prompt) || _prompt.AsSpan().SequenceEqual(other._prompt))
        && (ReferenceEquals(_lead, other._lead) || _lead.AsSpan().SequenceEqual(other._lead));

    public override bool Equals(object? obj) => Equals(obj as PrefixKey);

    public override int GetHashCode() => _hash;
}
