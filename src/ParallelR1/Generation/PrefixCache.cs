using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>
/// Caches full pages of earlier prompts. The key of a page is a hash of its rows (ids, positions, and what each row sees) and of all pages
/// before it. When pages run out, the least recently used one is evicted first.
/// </summary>
/// <param name="pool">The pool of the pages.</param>
internal sealed class PrefixCache(PagePool pool)
{
    private readonly Dictionary<string, LinkedListNode<(string Hash, int Page)>> _pages = [];
    private readonly LinkedList<(string Hash, int Page)> _order = new(); // the one used last comes last

    /// <summary>Gets the number of cached pages.</summary>
    public int Count => _pages.Count;

    /// <summary>Gets the number of pages that only the cache uses, so that they can be evicted.</summary>
    public int Evictable => _order.Count(entry => pool.Users(entry.Page) == 1);

    /// <summary>Finds the cached pages that a prompt begins with.</summary>
    /// <param name="rows">The prompt.</param>
    /// <param name="pages">Maximum number of pages to find.</param>
    public IReadOnlyList<int> Find(TraceRows rows, int pages)
    {
        var found = Hashes(rows, pages).Select(hash => _pages.GetValueOrDefault(hash)).TakeWhile(node => node is not null).ToList();
        // A page is useless without those before it, so it counts as less recently used.
        foreach (var node in Enumerable.Reverse(found))
        {
            _order.Remove(node!);
            _order.AddLast(node!);
        }

        return [.. found.Select(node => node!.Value.Page)];
    }

    /// <summary>Adds the full pages of a prompt.</summary>
    public void Add(TraceRows rows, PageTable table, int pages)
    {
        var hashes = Hashes(rows, pages).ToList();
        for (var i = hashes.Count - 1; i >= 0; i--)
        {
            if (_pages.ContainsKey(hashes[i]))
                continue;
            pool.Share(table.Page(i));
            _pages[hashes[i]] = _order.AddLast((hashes[i], table.Page(i)));
        }
    }

    /// <summary>Evicts the least recently used page that has no other user.</summary>
    /// <returns>False if there is none.</returns>
    public bool Evict()
    {
        for (var node = _order.First; node is not null; node = node.Next)
        {
            if (pool.Users(node.Value.Page) > 1)
                continue;
            Remove(node);
            return true;
        }

        return false;
    }

    /// <summary>Evicts all pages.</summary>
    public void Clear()
    {
        while (_order.First is { } node)
            Remove(node);
    }

    private void Remove(LinkedListNode<(string Hash, int Page)> node)
    {
        _order.Remove(node);
        _pages.Remove(node.Value.Hash);
        Debug.Assert(_pages.Count == _order.Count, "Every page is in the order of use.");
        pool.Release(node.Value.Page);
    }

    private static IEnumerable<string> Hashes(TraceRows rows, int pages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var run = 0;
        for (var page = 0; page < pages; page++)
        {
            for (var row = page * PagePool.PageSize; row < (page + 1) * PagePool.PageSize; row++)
            {
                while (rows.Runs[run].End <= row)
                    run++;
                Add(rows.Ids[rows.Tokens[row]]);
                Add(rows.Positions[row]);
                foreach (var (start, end) in rows.Runs[run].Columns.Append(rows.OwnColumns(run, row)))
                {
                    Add(start);
                    Add(end);
                }

                Add(-1);
            }

            yield return Convert.ToHexString(hash.GetCurrentHash());
        }

        void Add(int value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            hash.AppendData(bytes);
        }
    }
}
