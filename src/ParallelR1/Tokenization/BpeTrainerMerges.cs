using System.Runtime.InteropServices;

namespace ParallelR1.Tokenization;

/// <summary>Learns merges: pair counts are updated word by word, and the best pair is taken from a heap whose stale entries are reinserted.</summary>
internal sealed class BpeTrainerMerges
{
    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<int, string> _texts;
    private readonly List<(int[] Symbols, long Count)> _words = [];
    private readonly Dictionary<(int Left, int Right), long> _counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];
    private readonly PriorityQueue<(int Left, int Right, long Count), (long NegativeCount, int Left, int Right)> _queue = new();

    /// <summary>Creates a learner.</summary>
    /// <param name="words">Pieces with their counts.</param>
    /// <param name="vocabulary">The initial symbols; learned symbols are added.</param>
    public BpeTrainerMerges(IReadOnlyDictionary<string, long> words, Dictionary<string, int> vocabulary)
    {
        _vocabulary = vocabulary;
        _texts = vocabulary.ToDictionary(t => t.Value, t => t.Key);
        foreach (var (word, count) in words)
        {
            int[] symbols = [.. word.Select(c => vocabulary[c.ToString()])];
            _words.Add((symbols, count));
            CountPairs(_words.Count - 1, 1);
        }

        foreach (var (left, right) in _counts.Keys)
            Offer((left, right));
    }

    public IReadOnlyList<(int Left, int Right, int Result)> Learn(int room, int leastCount)
    {
        var merges = new List<(int Left, int Right, int Result)>();
        while (room > 0 && TryBest(leastCount, out var pair))
        {
            var text = _texts[pair.Left] + _texts[pair.Right];
            // Different merges with the same result share its id.
            if (!_vocabulary.TryGetValue(text, out var id))
            {
                id = _vocabulary.Count;
                _vocabulary.Add(text, id);
                _texts.Add(id, text);
                room--;
            }

            merges.Add((pair.Left, pair.Right, id));
            Apply(pair, id);
        }

        return merges;
    }

    private bool TryBest(int leastCount, out (int Left, int Right) pair)
    {
        while (_queue.TryDequeue(out var entry, out _))
        {
            pair = (entry.Left, entry.Right);
            var count = _counts.GetValueOrDefault(pair);
            if (count == entry.Count && count >= leastCount)
                return true;
            if (count >= leastCount)
                Offer(pair);
        }

        pair = default;
        return false;
    }

    private void Apply((int Left, int Right) pair, int id)
    {
        var changed = new HashSet<(int Left, int Right)>();
        foreach (var index in _places[pair].Order().ToArray())
        {
            CountPairs(index, -1);
            var (symbols, count) = _words[index];
            _words[index] = (Replace(symbols, pair, id), count);
            CountPairs(index, 1);
            foreach (var neighbour in Pairs(_words[index].Symbols).Where(p => p.Left == id || p.Right == id))
                changed.Add(neighbour);
        }

        foreach (var fresh in changed)
            Offer(fresh);
    }

    private void Offer((int Left, int Right) pair)
    {
        var count = _counts.GetValueOrDefault(pair);
        if (count > 0)
            _queue.Enqueue((pair.Left, pair.Right, count), (-count, pair.Left, pair.Right));
    }

    private void CountPairs(int index, int sign)
    {
        var (symbols, count) = _words[index];
        foreach (var pair in Pairs(symbols))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += sign * count;
            ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, pair, out _);
            places ??= [];
            if (sign > 0)
                places.Add(index);
            else
                places.Remove(index);
        }
    }

    private static int[] Replace(int[] symbols, (int Left, int Right) pair, int id)
    {
        var result = new List<int>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            if (i + 1 < symbols.Length && symbols[i] == pair.Left && symbols[i + 1] == pair.Right)
            {
                result.Add(id);
                i++;
            }
            else
            {
                result.Add(symbols[i]);
            }
        }

        return [.. result];
    }

    private static IEnumerable<(int Left, int Right)> Pairs(int[] symbols)
    {
        for (var i = 0; i + 1 < symbols.Length; i++)
            yield return (symbols[i], symbols[i + 1]);
    }
}
