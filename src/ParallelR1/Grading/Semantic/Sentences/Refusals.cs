namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that is refused, where it stands or in what follows.</summary>
internal static class Refusals
{
    /// <summary>"60 contradicts the assumption", "60 has been ruled out", "I refuse to believe it is 60", "by no means 60", "60 must be subtracted".</summary>
    public static bool IsRefused(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (clause.Words.Contains("refuse") || clause.Words.Contains("refused") || (clause.Governor == "means" && clause.Words.At(clause.Skipped + 1) == "no"))
            return true;
        var verb = right is ["also" or "clearly" or "obviously" or "actually" or "already" or "itself", ..] ? 1 : 0;
        if (!terms[at].HasUnit && (Qualifiers.Refusing.Contains(right.At(verb)) || (right.At(verb) is "would" or "might" or "could" && Qualifiers.Refusing.Contains(right.At(verb + 1) + "s")) || (right.At(verb) is "leads" or "led" && right.Contains("contradiction"))))
            return true;
        // "60 counts each pair twice"
        if (!terms[at].HasUnit && (right is ["double", "counts" or "counted", ..] || (right.At(verb) is "counts" or "includes" or "contains" or "adds" or "uses" or "takes" && right.Within(verb + 1, verb + 6, w => w is "twice" or "double" or "wrongly"))))
            return true;
        if (right.At(verb) is "is" or "was" or "has" or "must" or "can" or "should" or "gets" or "got" or "will" or "had" or "needs" or "have" or "are" or "were")
        {
            var to = Math.Min(right.Length, verb + 5);
            for (var i = verb + 1; i < to; i++)
            {
                if (right[i] is "not" or "never" or "cannot")
                    break;
                if (Qualifiers.Refused.Contains(right[i]) && !terms[at].HasUnit && right.At(verb) is not ("are" or "were" or "have"))
                    return true;
            }
        }

        // "60 is the answer to a different question"
        for (var i = 1; i < right.Length; i++)
        {
            if (Lexicon.Answers.Contains(right[i]) && right.At(i + 1) is "to" or "of" or "for" && right.Within(i + 2, i + 5, w => w is "different" or "last" or "another" or "other" or "wrong" or "previous" or "easier" or "harder" or "similar" or "next"))
                return true;
        }

        return IsTakenBack(terms, at) || (!terms[at].HasUnit && terms.WordAt(at - 2) is not "answer" && IsUnasked(terms));
    }

    /// <summary>Whether what follows says that the value is not the one ("…, turned out to be wrong", "…, not the answer", "…, but I disagree", "…, the actual count is lower").</summary>
    private static bool IsTakenBack(List<Term> terms, int at)
    {
        var start = at + 1;
        for (var i = start; i < terms.Count; i++)
        {
            if (terms[i].Kind is TermKind.Value or TermKind.Equals)
                return false;
            if (terms[i].Kind != TermKind.Word)
                continue;
            var next = terms.WordAt(i + 1);
            switch (terms[i].Text)
            {
                case "not" or "never" when next is "the" or "our" or "my" or "what":
                    for (var j = i + 2; j < terms.Count && j < i + 5; j++)
                    {
                        if (terms[j].Kind == TermKind.Word && (Lexicon.Answers.Contains(terms[j].Text) || (next == "what" && terms[j].Text is "we" or "asked" or "you")))
                            return true;
                    }

                    break;
                case "turned" or "turns" or "proved" or "proves" or "proven" or "was" when FaultyWithin(terms, i + 1, i + 5, terms[i].Text == "was"):
                    return true;
                case "which" when next is "is" or "was" && FaultyWithin(terms, i + 2, i + 5, false) && !terms.Exists(t => t.IsWord("than")):
                    return true;
                case "actual" or "true" or "real" or "correct" or "right" or "ours" or "mine" when FindCopula(terms, i + 1, i + 4) is > 0 and var copula
                    && FaultyWithin(terms, copula + 1, copula + 4, false):
                    return true;
                // "After the first day it is 60; the answer is after the second day."
                case "answer" or "result" or "solution" when i > start && FindCopula(terms, i + 1, i + 2) > 0 && terms.WordAt(i + 2) is "after" or "before" or "later" or "twice" or "half" or "double"
                    or "triple" or "more" or "less" or "different" or "another" or "something" or "elsewhere" or "larger" or "smaller" or "bigger" or "higher" or "lower" or "greater":
                    return true;
                case "i" or "we" when next is "disagree" or "doubt" or "dispute" or "object" or "differ":
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    private static int FindCopula(List<Term> terms, int from, int to)
    {
        for (var i = from; i < terms.Count && i < to; i++)
        {
            if (terms[i].Kind == TermKind.Word && Lexicon.Copulas.Contains(terms[i].Text))
                return i;
        }

        return -1;
    }

    private static bool FaultyWithin(List<Term> terms, int from, int to, bool last)
    {
        for (var i = from; i < terms.Count && i < to && terms[i].Kind == TermKind.Word; i++)
        {
            if (terms[i].Text is "not" or "no" or "to" && terms[i].Text != "to")
                return false;
            if (Qualifiers.Faulty.Contains(terms[i].Text) && (!last || i + 1 >= terms.Count || terms[i + 1].Kind == TermKind.Boundary))
                return true;
        }

        return false;
    }

    /// <summary>Whether the sentence says that something else is asked for ("that is not asked", "it is irrelevant").</summary>
    private static bool IsUnasked(List<Term> terms) =>
        terms.Exists(t => t.IsWord("irrelevant")) || terms.FindIndex(t => t.IsWord("not")) is >= 0 and var not && terms.WordAt(not + 1) is "asked" or "wanted" or "sought";
}
