using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>Looks into rows of words and terms without regard to where they end.</summary>
internal static class WordRuns
{
    private const string None = "";

    /// <summary>The word at a place; empty where no word stands there.</summary>
    public static string WordAt(this List<Term> terms, int i) => i >= 0 && i < terms.Count && terms[i].Kind == TermKind.Word ? terms[i].Text : None;

    /// <summary>The word at a place; empty behind the last.</summary>
    public static string At(this string[] words, int i) => (uint)i < (uint)words.Length ? words[i] : None;

    /// <summary>Whether one of a set stands between two places.</summary>
    public static bool Within(this string[] words, int from, int to, FrozenSet<string> set) => words.Within(from, to, set.Contains);

    /// <summary>Whether a word of some kind stands between two places.</summary>
    public static bool Within(this string[] words, int from, int to, Predicate<string> isOne)
    {
        for (var i = from; i < Math.Min(to, words.Length); i++)
        {
            if (isOne(words[i]))
                return true;
        }

        return false;
    }
}
