using System.Diagnostics;
using ParallelR1.Models;
using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>
/// A prompt (and lead) that requests begin with: its rows go through the model once, in chunks, and every request that begins with it shares
/// its full pages. Kept as long as a request needs it that has not begun.
/// </summary>
/// <param name="key">What tells it from others.</param>
/// <param name="trace">A trace that begins with it.</param>
/// <param name="pool">Where its pages come from.</param>
internal sealed class Prefix(PrefixKey key, TraceBuilder trace, PagePool pool)
{
    private readonly GivenRows _given = trace.Given;
    private readonly float[] _scores = new float[trace.Given.Length - trace.PromptLength];
    private ILookup<int, int>? _scored;
    private int _run;

    public PrefixKey Key { get; } = key;

    /// <summary>Gets its pages; row r of them holds row r of the given rows.</summary>
    public PageTable Table { get; } = new(pool);

    /// <summary>Gets or sets the number of requests that need it and have not begun.</summary>
    public int Users { get; set; }

    /// <summary>Gets the number of rows that have gone through the model.</summary>
    public int Done { get; private set; }

    /// <summary>Gets the number of rows to run. The last token is left to each request, whose own draws follow it.</summary>
    public int Length { get; } = IsPlain(trace.Given) ? trace.Given.Length - 1 : trace.Given.Rows.Length;

    public bool IsDone => Done == Length;

    /// <summary>The logit of largest magnitude, where those that score the lead are of no use.</summary>
    public float? Failure { get; private set; }

    /// <summary>Whether the logits of the next row are wanted.</summary>
    public bool WantsLogits => Scored.Contains(Done);

    /// <summary>By row, the lead's tokens that it predicts.</summary>
    private ILookup<int, int> Scored => _scored ??= Enumerable.Range(trace.PromptLength, _scores.Length).Where(token => token > 0).ToLookup(token => _given.Rows.Predictors[token]);

    /// <summary>Gets for each token of the lead its log-probability.</summary>
    public ReadOnlySpan<float> LeadLogProbs => _scores;

    /// <summary>Gets the first row whose logits are wanted.</summary>
    private int FirstWanted => _scores.Length == 0 ? Length : Math.Max(0, trace.PromptLength - 1);

    /// <summary>Takes what an earlier request with the same beginning has left.</summary>
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

    /// <summary>Leaves its full pages for later requests.</summary>
    public void LeaveTo(PrefixCache cache)
    {
        if (IsDone && IsPlain(_given))
            cache.Add(_given.Rows, Table, Length / PagePool.PageSize);
    }

    /// <summary>Adds the next row to a step.</summary>
    /// <returns>What is wanted of its logits; null: nothing.</returns>
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

    /// <summary>Takes what the logits of a row gave.</summary>
    public void Receive(int row, in RowAnswer answer)
    {
        Failure ??= answer.Failure;
        var at = 0;
        foreach (var token in answer.Failure is null ? Scored[row] : [])
            _scores[token - trace.PromptLength] = answer.Scores[at++];
    }

    /// <summary>Lets a request begin: its rows up to the last token, on shared pages where they are full and lie in order, else copied.</summary>
    /// <returns>False: the pool has no page left; the table is as it was.</returns>
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

            // As far as source and target lie on one page each.
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

    /// <summary>Pages that a request takes to begin.</summary>
    public int PagesToBegin => 2 + (IsDone ? 0 : Length / PagePool.PageSize + 1 - Table.Pages) + (IsPlain(_given) ? 0 : _given.Length / PagePool.PageSize);

    /// <summary>Gives its pages back; it can be run again.</summary>
    public void Drop()
    {
        Table.Release();
        (Done, _run) = (0, 0);
    }

    /// <summary>Whether every token's entry is that of its own row.</summary>
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

/// <summary>What prefixes are told apart by: token ids, how many of them are the prompt, and how their structure is read.</summary>
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
