namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that one gets by a mistake.</summary>
internal static class Mistakes
{
    /// <summary>"60 is what you get if you forget the last step", "forgetting the last step gives 60", "if you skip a case, you get 60".</summary>
    public static bool IsMistaken(List<Term> terms, int at, Clause clause, string[] right)
    {
        // He of the story who forgets his coupon pays what is asked for.
        if (terms[at].HasUnit)
            return false;
        if (terms[0].Text.EndsWith("ing", StringComparison.Ordinal) && Qualifiers.Erring.Contains(terms[0].Text) && terms[0].Text is not ("ignoring" or "neglecting" or "omitting" or "skipping"))
            return true;
        if (right.Length == 0 && clause.Words.Length <= 4 && clause.Governor is "forgot" or "forget")
            return true;
        for (var i = 0; i < right.Length; i++)
        {
            if (right[i] is "if" or "when" or "by" or "from" or "whenever" or "after" or "for" && right.Within(i + 1, i + 5, Qualifiers.Erring)
                && !right.Within(i + 1, i + 3, w => w is "he" or "she" or "they"))
                return true;
        }

        // "You get 60 by counting the corner twice"
        if (right is ["by" or "if" or "when" or "from", ..] && right.Within(2, 8, w => w is "twice" or "wrongly" or "incorrectly" or "mistakenly" or "accidentally" or "erroneously" or "carelessly"))
            return true;
        // "Misreading the diagram leads to 60", "a careless reader arrives at 60"
        var first = clause.Words.At(clause.Words.Length - 1);
        if (first.EndsWith("ing", StringComparison.Ordinal) && Qualifiers.Erring.Contains(first) && !clause.Words.ContainsAny("he", "she", "they", "#"))
            return true;
        if (clause.Words.ContainsAny(Qualifiers.Careless) && clause.Words.ContainsAny(Qualifiers.Solvers))
            return true;
        if (clause.Words.IndexOf("who") is > 0 and var who && clause.Words.ContainsAny("those", "anyone", "whoever", "anybody", "everyone", "someone", "students", "people") && Qualifiers.Erring.Contains(clause.Words[who - 1])
            && !clause.Words.ContainsAny(Lexicon.Copulas))
            return true;
        return IsMistakenCondition(terms, at);
    }

    /// <summary>Whether the sentence begins with a mistake that anybody may make ("If you forget the last step, you get 60").</summary>
    private static bool IsMistakenCondition(List<Term> terms, int at)
    {
        if (terms.WordAt(0) is not ("if" or "when" or "by" or "whoever" or "whenever" or "should"))
            return false;
        var erring = terms.FindIndex(0, Math.Min(at, 6), t => t.Kind == TermKind.Word && Qualifiers.Erring.Contains(t.Text));
        return erring == 1 || (erring > 1 && terms.FindIndex(1, erring - 1, t => t.Text is "you" or "we" or "one" or "i" or "someone" or "people" or "students" or "anyone" or "accidentally") > 0);
    }
}
