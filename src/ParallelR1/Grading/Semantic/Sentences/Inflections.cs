using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>Classes of words given by their base forms: "estimate" stands for estimates, estimated and estimating too.</summary>
internal static class Inflections
{
    /// <summary>All forms of regular verbs; a star behind a verb doubles its last letter ("cap*": capped).</summary>
    public static FrozenSet<string> OfVerbs(string verbs, string irregular = "") =>
        FrozenSet.ToFrozenSet([.. Split(verbs).SelectMany(v => (string[])[Base(v), Third(v), Past(v), Participle(v)]), .. Split(irregular)]);

    /// <summary>The past forms alone ("rejected"), as they stand behind "is".</summary>
    public static FrozenSet<string> PastOf(string verbs, string irregular = "") => FrozenSet.ToFrozenSet([.. Split(verbs).Select(Past), .. Split(irregular)]);

    /// <summary>The forms in -ing alone.</summary>
    public static FrozenSet<string> ParticipleOf(string verbs) => FrozenSet.ToFrozenSet(Split(verbs).Select(Participle));

    /// <summary>The forms as they are called by alone.</summary>
    public static FrozenSet<string> BaseOf(string verbs) => FrozenSet.ToFrozenSet(Split(verbs).Select(Base));

    /// <summary>The forms that only one subject takes ("contradicts"), so that a number before them is one value and no count of things.</summary>
    public static FrozenSet<string> SingularOf(string verbs) => FrozenSet.ToFrozenSet(Split(verbs).Select(Third));

    private static string[] Split(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Base(string verb) => verb.TrimEnd('*');

    private static string Third(string verb) => Base(verb) switch
    {
        [.. var stem, 'y'] when !IsVowel(stem[^1]) => stem + "ies",
        [.., 's' or 'x' or 'z'] or [.., 'c' or 's', 'h'] => Base(verb) + "es",
        var plain => plain + "s",
    };

    private static string Past(string verb) => verb switch
    {
        [.. var stem, '*'] => stem + stem[^1] + "ed",
        [.. var stem, 'y'] when !IsVowel(stem[^1]) => stem + "ied",
        [.., 'e'] => verb + "d",
        _ => verb + "ed",
    };

    private static string Participle(string verb) => verb switch
    {
        [.. var stem, '*'] => stem + stem[^1] + "ing",
        [.. var stem, 'e'] => stem + "ing",
        _ => verb + "ing",
    };

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u';
}
