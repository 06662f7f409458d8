using System.Buffers;

namespace ParallelR1.Tokenization;

/// <summary>Applies merges to the symbols of one piece: each time the pair of lowest rank, the leftmost of equal ones.</summary>
internal static class BpeMerger
{
    private const int Short = 48;

    /// <summary>Merges in place and returns the number of symbols left at the start of <paramref name="symbols"/>.</summary>
    public static int Merge(MergeTable merges, Span<int> symbols) =>
        symbols.Length <= Short ? MergeShort(merges, symbols) : MergeLong(merges, symbols);

    /// <summary>Merges in quadratic time, which is fastest for pieces of ordinary length.</summary>
    private static int MergeShort(MergeTable merges, Span<int> symbols)
    {
        Span<int> ranks = stackalloc int[Short];
        Span<int> results = stackalloc int[Short];
        var count = symbols.Length;
        for (var i = 0; i + 1 < count; i++)
            Look(merges, symbols, i, ranks, results);
        while (count > 1)
        {
            int best = 0, rank = ranks[0];
            for (var i = 1; i < count - 1; i++)
            {
                if (ranks[i] < rank)
                    (best, rank) = (i, ranks[i]);
            }

            if (rank == int.MaxValue)
                break;
            symbols[best] = results[best];
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            if (best + 2 < count)
            {
                ranks[(best + 2)..(count - 1)].CopyTo(ranks[(best + 1)..]);
                results[(best + 2)..(count - 1)].CopyTo(results[(best + 1)..]);
            }

            count--;
            if (best > 0)
                Look(merges, symbols, best - 1, ranks, results);
            if (best + 1 < count)
                Look(merges, symbols, best, ranks, results);
        }

        return count;
    }

    private static void Look(MergeTable merges, ReadOnlySpan<int> symbols, int at, Span<int> ranks, Span<int> results)
    {
        ranks[at] = merges.TryGet(symbols[at], symbols[at + 1], out var rank, out results[at]) ? rank : int.MaxValue;
    }

    /// <summary>Merges in O(n log n) with a linked list of symbols and a heap of candidates.</summary>
    private static int MergeLong(MergeTable merges, Span<int> symbols)
    {
        var count = symbols.Length;
        var next = ArrayPool<int>.Shared.Rent(count);
        var previous = ArrayPool<int>.Shared.Rent(count);
        var heap = new RankHeap(count);
        for (var i = 0; i < count; i++)
            (next[i], previous[i]) = (i + 1, i - 1);
        for (var i = 0; i + 1 < count; i++)
            Offer(merges, symbols, i, i + 1, heap);

        while (heap.TryPop(out var wanted, out var at))
        {
            // A candidate is stale when one of its symbols has been merged since.
            if (symbols[at] < 0 || next[at] >= count
                || !merges.TryGet(symbols[at], symbols[next[at]], out var rank, out var result) || rank != wanted)
                continue;
            var gone = next[at];
            symbols[at] = result;
            symbols[gone] = -1;
            next[at] = next[gone];
            if (next[at] < count)
            {
                previous[next[at]] = at;
                Offer(merges, symbols, at, next[at], heap);
            }

            if (previous[at] >= 0)
                Offer(merges, symbols, previous[at], at, heap);
        }

        var left = 0;
        for (var i = 0; i < count; i = next[i])
            symbols[left++] = symbols[i];
        ArrayPool<int>.Shared.Return(next);
        ArrayPool<int>.Shared.Return(previous);
        return left;
    }

    private static void Offer(MergeTable merges, ReadOnlySpan<int> symbols, int at, int next, RankHeap heap)
    {
        if (merges.TryGet(symbols[at], symbols[next], out var rank, out _))
            heap.Push(rank, at);
    }
}
