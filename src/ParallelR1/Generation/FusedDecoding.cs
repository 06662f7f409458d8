using System.Diagnostics;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>
/// Decoding on the CPU with one operator a step. Keys and values lie in pages; sequences that begin with the same prompt share its full pages.
/// </summary>
/// <param name="decoder">The model; <see cref="PackedDecoder.Supports"/> it.</param>
/// <param name="sequences">Sequences that may be live at once.</param>
internal sealed class FusedDecoding(Decoder decoder, int sequences) : IDecoding
{
    private const int PageSize = TraceBuilder.PageSize;
    private const int ChunkRows = 512; // rows of a step that runs prompts
    private readonly FusedBackend _backend = new(decoder);
    private readonly StepTable _table = new();
    private readonly Dictionary<LiveSequence, List<int>> _pages = [];
    private readonly List<int> _users = []; // of each page
    private readonly Stack<int> _freePages = [];

    public int Free => sequences - _pages.Count;

    public void Admit(IReadOnlyList<LiveSequence> added)
    {
        foreach (var group in added.GroupBy(s => $"{s.Trace.PromptLength}:{string.Join(',', s.Trace.Given.Rows.Ids.ToArray())}"))
            Prefill([.. group]);
    }

    public void Step(IReadOnlyList<LiveSequence> live)
    {
        var wanted = new List<(LiveSequence Sequence, PendingToken Token)>();
        var seen = new List<TokenRange>();
        _table.Clear();
        foreach (var sequence in live)
        {
            var pages = _pages[sequence];
            foreach (var token in sequence.TakePending())
            {
                Reach(pages, token.Row.Row);
                seen.Clear();
                token.Row.CopySeen(seen);
                foreach (var range in seen)
                    See(pages, range.Start, range.End);
                _table.Add(token.Row.Id, token.Row.Position, Row(pages, token.Row.Row), token.NeedsLogits);
                if (token.NeedsLogits)
                    wanted.Add((sequence, token));
            }
        }

        if (_table.Count == 0)
            return;
        var logits = Run();
        var width = decoder.Config.VocabSize;
        for (var i = 0; i < wanted.Count; i++)
            wanted[i].Sequence.Receive(wanted[i].Token, logits.Span<float>().Slice(i * width, width));
        GC.KeepAlive(logits);
    }

    public void Release(LiveSequence sequence)
    {
        if (_pages.Remove(sequence, out var pages))
            Release(pages);
    }

    public void Dispose() => _backend.Dispose();

    private void Prefill(LiveSequence[] group)
    {
        var (given, prompt) = (group[0].Trace.Given, group[0].Trace.PromptLength);
        var rows = given.Rows;
        var pages = new List<int>();
        var chunks = new List<Tensor>(); // logits of the rows from the prompt's last on
        var firsts = new List<int>();
        _table.Clear();
        foreach (var run in rows.Runs)
        {
            for (var row = run.Start; row < run.End; row++)
            {
                Reach(pages, row);
                foreach (var range in run.Columns)
                    See(pages, range.Start, range.End);
                See(pages, run.Start, row + 1);
                _table.Add(rows.Ids[rows.Tokens[row]], rows.Positions[row], Row(pages, row), wanted: row >= prompt - 1);
                if (_table.Count == ChunkRows || row == rows.Length - 1)
                {
                    if (_table.Wanted.Length > 0)
                        firsts.Add(row + 1 - _table.Count + _table.Wanted[0]);
                    var logits = Run();
                    if (_table.Wanted.Length > 0)
                        chunks.Add(logits);
                    _table.Clear();
                }
            }
        }

        foreach (var sequence in group)
            _pages.Add(sequence, Share(pages, given.Sources));
        Release(pages);
        var width = decoder.Config.VocabSize;
        foreach (var sequence in group)
            sequence.Begin(Logits);

        ReadOnlySpan<float> Logits(int row)
        {
            var chunk = firsts.FindLastIndex(first => first <= row);
            return chunks[chunk].Span<float>().Slice((row - firsts[chunk]) * width, width);
        }
    }

    /// <summary>The pages of a sequence that begins with the entries <paramref name="sources"/> of <paramref name="pages"/>: full ones are shared, the rest is copied.</summary>
    private List<int> Share(List<int> pages, int[] sources)
    {
        var result = new List<int>();
        var same = 0; // leading entries that lie where they would lie
        while (same < sources.Length && sources[same] == same)
            same++;
        foreach (var page in pages.Take(same / PageSize))
        {
            _users[page]++;
            result.Add(page);
        }

        for (var row = result.Count * PageSize; row < sources.Length; row++)
        {
            Reach(result, row);
            _backend.Copy(Row(pages, sources[row]), Row(result, row), 1);
        }

        return result;
    }

    private Tensor Run() => _backend.Step(_table);

    private void See(List<int> pages, int start, int end)
    {
        while (start < end)
        {
            var next = Math.Min(end, (start / PageSize + 1) * PageSize);
            _table.See(Row(pages, start), next - start);
            start = next;
        }
    }

    private static int Row(List<int> pages, int row) => pages[row / PageSize] * PageSize + row % PageSize;

    /// <summary>Makes sure that a sequence has the page of a row.</summary>
    private void Reach(List<int> pages, int row)
    {
        while (pages.Count <= row / PageSize)
            pages.Add(Take());
    }

    private int Take()
    {
        if (_freePages.Count == 0)
            Grow();
        var page = _freePages.Pop();
        Debug.Assert(_users[page] == 0, "A free page has no user.");
        _users[page] = 1;
        return page;
    }

    private void Release(List<int> pages)
    {
        foreach (var page in pages)
        {
            Debug.Assert(_users[page] > 0, "A page is released once by each user.");
            if (--_users[page] == 0)
                _freePages.Push(page);
        }
    }

    private void Grow()
    {
        var (known, pages) = (_users.Count, Math.Max(16, _users.Count * 2));
        _backend.Resize(pages);
        for (var page = pages - 1; page >= known; page--)
            _freePages.Push(page);
        _users.AddRange(new int[pages - known]);
    }
}
