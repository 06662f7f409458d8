using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A text in which the solver gives no answer: it gives up, asks back, or says that something is missing. Its numbers state nothing, whatever they count.</summary>
internal static class Surrender
{
    private static readonly FrozenSet<string> s_knowing = Lexicon.Words("know tell determine decide solve answer do figure finish complete understand help continue");

    private static readonly FrozenSet<string> s_failing = Lexicon.Words("unable fail failed stuck lost confused gave give quit stop stopped skip skipped pass");

    /// <summary>Whether somewhere in the text the solver surrenders ("I give up; 60", "nobody knows, so 60", "tell me how long the 60 boards are").</summary>
    public static bool IsOne(List<Term> terms)
    {
        for (var i = 0; i < terms.Count; i++)
        {
            if (terms[i].Value?.Node is { Kind: NodeKind.Quantity, Name: "clue" or "idea" } || terms[i].Kind == TermKind.Word && (IsRequest(terms, i) || IsLack(terms, i) || (IsSolver(terms, i, out var verb) && Fails(terms, verb))))
                return true;
        }

        return false;
    }

    /// <summary>"Tell me how long it is", "please clarify", "could you repeat".</summary>
    private static bool IsRequest(List<Term> terms, int i) =>
        (terms[i].Text, terms.WordAt(i + 1)) is ("tell" or "give" or "show" or "send", "me" or "us") or ("please", "clarify" or "provide" or "specify" or "repeat" or "explain" or "check")
            || (terms[i].Text is "could" or "can" or "would" or "did" && terms.WordAt(i + 1) == "you" && terms.WordAt(i + 2) is "repeat" or "clarify" or "tell" or "give" or "provide" or "specify" or "explain" or "check" or "mean");

    /// <summary>"There is not enough information", "it cannot be determined", "no idea".</summary>
    private static bool IsLack(List<Term> terms, int i) => terms[i].Text switch
    {
        "idk" or "dunno" or "unsolvable" or "ambiguous" => true,
        "information" or "info" or "data" or "details" or "context" => terms.WordAt(i - 1) is "enough" or "more" or "no" or "insufficient" or "missing" or "further" or "sufficient" or "other",
        "no" => terms.WordAt(i + 1) is "idea" or "clue" || (terms.WordAt(i + 1) is "answer" or "result" && terms.WordAt(i - 1) is "offer" or "give" or "have" or "had" or "got" or "get" or "is" or "see") || (terms.WordAt(i + 1) == "solution" && terms.WordAt(i + 2) is not ("other" or "but" or "except" or "than" or "besides")),
        "cannot" or "not" => terms.WordAt(i + 1) == "be" && terms.WordAt(i + 2) is "solved" or "determined" or "answered" or "known" or "decided",
        "nobody" => terms.WordAt(i + 1) == "knows",
        "exist" => terms.WordAt(i - 1) == "not" && terms.FindIndex(0, i, t => t.Kind == TermKind.Value) < 0,
        _ => false,
    };

    /// <summary>Whether the speaker is the subject there, or the sentence begins without one ("Can't solve it").</summary>
    private static bool IsSolver(List<Term> terms, int i, out int verb)
    {
        verb = terms[i].Text is "i" or "we" ? i + 1 : i;
        return verb > i || (terms[i].Text is "cannot" or "can" or "could" && (i == 0 || terms[i - 1].Kind == TermKind.Boundary));
    }

    private static bool Fails(List<Term> terms, int verb)
    {
        while (terms.WordAt(verb) is "am" or "are" or "was" or "were" or "got" or "get" or "have" or "just" or "really" or "simply" or "honestly" or "had" or "must" or "will" or "still")
            verb++;
        var (first, second, third) = (terms.WordAt(verb), terms.WordAt(verb + 1), terms.WordAt(verb + 2));
        if (s_failing.Contains(first))
            return first is not ("give" or "gave") || second == "up";
        if ((first, second) is ("ran" or "run", "out") || (first is "need" or "needed" or "require" && second == "more" && third is "information" or "time" or "data" or "details"))
            return true;
        var denied = first is "cannot" or "not" ? verb + 1 : second is "not" ? verb + 2 : -1;
        while (denied > 0 && terms.WordAt(denied) is "really" or "even" or "actually" or "possibly" or "able" or "to" or "have")
            denied++;
        return denied > 0 && (s_knowing.Contains(terms.WordAt(denied)) || (terms.WordAt(denied) is "find" or "work" or "see" or "get" && terms.WordAt(denied + 1) is "it" or "the" or "an" or "any" or "how" or "out"));
    }
}
