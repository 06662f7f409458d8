using System.Buffers;
using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>Finds added tokens in a text: the leftmost match, and the longest at one place. A trie over UTF-16 code units.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<(int Node, char Unit), int> _children = [];
    private readonly List<AddedToken?> _ends = [null];
    private readonly SearchValues<char> _firsts;

    /// <summary>Creates a matcher.</summary>
    /// <param name="tokens">The tokens, each with the text to match (normalised if the token requires it).</param>
    public AddedTokenMatcher(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        var firsts = new HashSet<char>();
        foreach (var (text, token) in tokens)
        {
            if (text.Length == 0)
                continue;
            firsts.Add(text[0]);
            var node = 0;
            foreach (var unit in text)
                node = Child(node, unit);
            _ends[node] ??= token;
        }

        _firsts = SearchValues.Create([.. firsts]);
    }

    /// <summary>Finds the next match at or after <paramref name="from"/>; null if there is none. Adjacent white space is not included yet.</summary>
    public (int Start, int End, AddedToken Token)? Next(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length)
        {
            var skip = text[from..].IndexOfAny(_firsts);
            if (skip < 0)
                return null;
            from += skip;
            if (LongestAt(text, from) is ({ } token, var end))
            {
                if (!token.SingleWord || StandsAlone(text, from, end))
                    return (from, end, token);
                from = end;
            }
            else
            {
                from++;
            }
        }

        return null;
    }

    private (AddedToken? Token, int End) LongestAt(ReadOnlySpan<char> text, int start)
    {
        (AddedToken? Token, int End) found = (null, start);
        var node = 0;
        for (var i = start; i < text.Length && _children.TryGetValue((node, text[i]), out node); i++)
        {
            if (_ends[node] is { } token)
                found = (token, i + 1);
        }

        return found;
    }

    private int Child(int node, char unit)
    {
        if (_children.TryGetValue((node, unit), out var child))
            return child;
        _ends.Add(null);
        return _children[(node, unit)] = _ends.Count - 1;
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int start, int end)
    {
        Rune.DecodeLastFromUtf16(text[..start], out var before, out _);
        Rune.DecodeFromUtf16(text[end..], out var after, out _);
        return (start == 0 || !CharacterClass.IsWord(before.Value)) && (end == text.Length || !CharacterClass.IsWord(after.Value));
    }
}
