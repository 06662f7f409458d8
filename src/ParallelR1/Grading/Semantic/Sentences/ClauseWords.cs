using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A run of words.</summary>
internal readonly struct ClauseWords(ReadOnlyMemory<string> words)
{
    public int Length => words.Length;

    public string First => At(0);

    public string this[int i] => words.Span[i];

    /// <summary>The word at an index, or nothing beyond the end.</summary>
    public string At(int i) => (uint)i < (uint)words.Length ? words.Span[i] : "";

    public bool Contains(string word) => IndexOf(word) >= 0;

    public int IndexOf(string word) => words.Span.IndexOf(word);

    public int IndexOfAny(FrozenSet<string> set)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (set.Contains(words.Span[i]))
                return i;
        }

        return -1;
    }

    public bool ContainsAny(FrozenSet<string> set) => IndexOfAny(set) >= 0;

    public bool ContainsAny(params ReadOnlySpan<string> any)
    {
        foreach (var word in words.Span)
        {
            if (any.Contains(word))
                return true;
        }

        return false;
    }

    public ClauseWords From(int start) => new(words[Math.Min(start, words.Length)..]);

    public ClauseWords To(int end) => new(words[..Math.Min(end, words.Length)]);
}
