using System.Text;

namespace ParallelR1.Data;

/// <summary>
/// Finds problems that overlap with another set: that share 13 consecutive words after normalisation. A shorter text overlaps if it is contained
/// in the other one as a whole, in either direction; one of fewer than 8 words only if it equals the other.
/// </summary>
/// <remarks>Normalisation: lower case; words are runs of letters and digits; each ideograph is a word; all other characters separate words. Windows are compared by 64-bit hashes.</remarks>
internal sealed class TextOverlap
{
    /// <summary>Number of consecutive words that count as an overlap.</summary>
    public const int Words = 13;

    private const int FewestWithin = 8;
    private const ulong Base = 0x9E3779B97F4A7C15;

    private readonly List<string> _ids = [];
    private readonly Dictionary<ulong, int> _windows = [];
    private readonly SortedDictionary<int, Dictionary<ulong, int>> _shortOthers = [];
    private readonly Dictionary<(int, ulong), int> _holders = [];
    private readonly HashSet<ulong> _phrases = [];

    /// <summary>Creates an index of the other set.</summary>
    /// <param name="others">The set to be disjoint from (a training set for test problems, or the other way round).</param>
    /// <param name="candidates">The problems that will be looked up.</param>
    /// <param name="ignoreFrom">Number of candidates from which on thirteen words that they share count as a phrase ("where m and n are relatively prime …") instead of an overlap; null to ignore none.</param>
    public TextOverlap(IEnumerable<Problem> others, IEnumerable<Problem> candidates, int? ignoreFrom = null)
    {
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(candidates);
        var shortCandidates = new SortedDictionary<int, HashSet<ulong>>();
        var counts = new Dictionary<ulong, int>();
        foreach (var words in candidates.Select(c => Hashes(c.Text)).Where(w => w.Length > 0))
        {
            if (words.Length >= Words)
            {
                if (ignoreFrom is not null)
                    CountWindows(words, counts, ignoreFrom.Value);
                continue;
            }

            if (!shortCandidates.TryGetValue(words.Length, out var known))
                shortCandidates[words.Length] = known = [];
            known.Add(Windows(words, words.Length).Single());
        }

        foreach (var other in others)
            Add(other, shortCandidates);
    }

    /// <summary>Gets the problem of the other set that a text overlaps with, and the shared words; null if there is none.</summary>
    public (string Id, string Shared)? Find(string text)
    {
        var words = Hashes(text);
        var position = 0;
        foreach (var window in Windows(words, Words))
        {
            if (_windows.TryGetValue(window, out var other))
                return (_ids[other], Shared(text, position, Words));
            position++;
        }

        if (words.Length is > 0 and < Words && _holders.TryGetValue((words.Length, Windows(words, words.Length).Single()), out var holder))
            return (_ids[holder], Shared(text, 0, words.Length));
        foreach (var (length, known) in _shortOthers)
        {
            position = 0;
            foreach (var window in WindowsWithin(words, length))
            {
                if (known.TryGetValue(window, out var other))
                    return (_ids[other], Shared(text, position, length));
                position++;
            }
        }

        return null;
    }

    /// <summary>Splits a text into normalised words.</summary>
    internal static List<string> Normalize(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var isIdeograph = rune.Value is >= 0x2E80 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFF;
            if (Rune.IsLetterOrDigit(rune) && !isIdeograph)
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
                continue;
            }

            Flush();
            if (isIdeograph && Rune.IsLetter(rune))
                words.Add(rune.ToString());
        }

        Flush();
        return words;

        void Flush()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    private void Add(Problem other, SortedDictionary<int, HashSet<ulong>> shortCandidates)
    {
        var words = Hashes(other.Text);
        if (words.Length == 0)
            return;
        var index = _ids.Count;
        _ids.Add(other.Id);
        foreach (var window in Windows(words, Words))
        {
            if (!_phrases.Contains(window))
                _windows.TryAdd(window, index);
        }

        if (words.Length < Words)
        {
            if (!_shortOthers.TryGetValue(words.Length, out var known))
                _shortOthers[words.Length] = known = [];
            known.TryAdd(Windows(words, words.Length).Single(), index);
        }

        foreach (var (length, candidates) in shortCandidates)
        {
            foreach (var window in WindowsWithin(words, length).Where(candidates.Contains))
                _holders.TryAdd((length, window), index);
        }
    }

    private void CountWindows(ulong[] words, Dictionary<ulong, int> counts, int ignoreFrom)
    {
        foreach (var window in Windows(words, Words).Distinct())
        {
            var count = counts.GetValueOrDefault(window) + 1;
            counts[window] = count;
            if (count >= ignoreFrom)
                _phrases.Add(window);
        }
    }

    private static IEnumerable<ulong> WindowsWithin(ulong[] words, int length) =>
        length >= FewestWithin || length == words.Length ? Windows(words, length) : [];

    // A rolling polynomial hash over the words' hashes, modulo 2⁶⁴.
    private static IEnumerable<ulong> Windows(ulong[] words, int length)
    {
        ulong hash = 0, highest = 1;
        for (var i = 1; i < length; i++)
            highest *= Base;
        for (var i = 0; i < words.Length; i++)
        {
            if (i >= length)
                hash -= words[i - length] * highest;
            hash = (hash * Base) + words[i];
            if (i >= length - 1)
                yield return hash;
        }
    }

    private static ulong[] Hashes(string text) => [.. Normalize(text).Select(Hash)];

    // FNV-1a with a final mix: the polynomial needs hashes that differ in all bits.
    private static ulong Hash(string word)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var c in word)
            hash = (hash ^ c) * 0x100000001B3;
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        return hash ^ (hash >> 33);
    }

    private static string Shared(string text, int start, int length) => string.Join(' ', Normalize(text).Skip(start).Take(length));
}
