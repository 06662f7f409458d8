using System.Numerics;

namespace ParallelR1.Tokenization;

/// <summary>The merges by pair of symbols, with rank and result: an open-addressing hash table.</summary>
internal sealed class MergeTable
{
    private readonly Entry[] _entries;
    private readonly ulong _mask;

    /// <summary>Creates the table.</summary>
    /// <param name="merges">Pairs with their result, best rank first; the last of equal pairs applies.</param>
    public MergeTable(IReadOnlyList<(int Left, int Right, int Result)> merges)
    {
        _entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)merges.Count * 2 + 2)];
        _mask = (ulong)_entries.Length - 1;
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right, result) = merges[rank];
            _entries[Slot(Key(left, right))] = new Entry(Key(left, right), rank, result);
        }
    }

    /// <summary>Gets the rank of a pair and the symbol it becomes; false if the pair does not merge.</summary>
    public bool TryGet(int left, int right, out int rank, out int result)
    {
        ref readonly var entry = ref _entries[Slot(Key(left, right))];
        rank = entry.Rank;
        result = entry.Result;
        return entry.Key != 0;
    }

    // One is added so that no pair has the key of an empty entry.
    private static ulong Key(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) + 1;

    private ulong Slot(ulong key)
    {
        var hash = key * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9;
        var slot = (hash ^ (hash >> 32)) & _mask;
        while (_entries[slot].Key != 0 && _entries[slot].Key != key)
            slot = (slot + 1) & _mask;
        return slot;
    }

    private readonly record struct Entry(ulong Key, int Rank, int Result);
}
