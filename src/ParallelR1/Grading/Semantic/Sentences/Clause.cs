using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>The words before a value, taken apart: what governs the value, and the subject where a verb says that it is the value.</summary>
/// <example>Of <c>my best guess would be 60</c> the governor is "would" (fillers are skipped), the subject "my best guess".</example>
internal readonly struct Clause
{
    public Clause(string[] left)
    {
        Words = new ClauseWords(left);
        var i = 0;
        while (i < left.Length && Lexicon.Fillers.Contains(left[i]))
            i++;
        Skipped = i;
        var verb = 0;
        while (verb < left.Length && !IsEquating(left[verb]) && (Lexicon.Fillers.Contains(left[verb]) || left[verb] is "to" or "out"))
            verb++;
        IsEquated = verb < left.Length && IsEquating(left[verb]);
        if (!IsEquated)
            return;
        verb++;
        while (verb < left.Length && (left[verb] is "would" or "will" or "should" or "must" or "may" or "might" or "could" or "can" or "then" or "also" or "of" || IsEquating(left[verb])))
            verb++;
        var subject = left[verb..];
        Array.Reverse(subject);
        HasIndefiniteArticle = subject is ["a" or "an" or "another" or "one", ..];
        var start = 0;
        while (start < subject.Length && subject[start] is "the" or "a" or "an" or "so" or "thus" or "hence" or "therefore" or "then" or "that" or "and" or "but" or "if" or "you" or "we")
            start++;
        Subject = new ClauseWords(subject.AsMemory(start));
        var head = 0;
        while (head < Subject.Length && Subject[head] is not ("of" or "between" or "from" or "for" or "in" or "that" or "which" or "who" or "on" or "to" or "with" or "at" or "by" or "below" or "above" or "under" or "over" or "#"))
            head++;
        Head = Subject.To(head);
    }

    /// <summary>All words, the nearest first.</summary>
    public ClauseWords Words { get; }

    /// <summary>How many words between the governor and the value change nothing.</summary>
    public int Skipped { get; }

    /// <summary>The nearest word that may change the value.</summary>
    public string Governor => Words.At(Skipped);

    /// <summary>Whether a verb says that the subject is the value.</summary>
    public bool IsEquated { get; }

    /// <summary>Whether the subject is one of several.</summary>
    public bool HasIndefiniteArticle { get; }

    /// <summary>The subject in the order of the sentence, without its article.</summary>
    public ClauseWords Subject { get; }

    /// <summary>The noun of the subject and the words before it.</summary>
    public ClauseWords Head { get; }

    /// <summary>Whether one of a set stands a few words beyond the governor.</summary>
    public bool Near(int from, int to, FrozenSet<string> set) => Words.From(Skipped + from).To(to - from).ContainsAny(set);

    /// <summary>Whether one of several words stands a few words beyond the governor.</summary>
    public bool Near(int from, int to, params ReadOnlySpan<string> any) => Words.From(Skipped + from).To(to - from).ContainsAny(any);

    private static bool IsEquating(string word) => Lexicon.Copulas.Contains(word)
        || word is "gives" or "gave" or "give" or "yields" or "yield" or "makes" or "get" or "gets" or "obtain" or "comes" or "came" or "come" or "works" or "amounts" or "has" or "have" or "stands" or "reads"
        or "results" or "produces";
}
