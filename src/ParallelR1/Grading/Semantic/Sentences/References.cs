namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that numbers a part of a text or counts what was tried.</summary>
internal static class References
{
    /// <summary>"Problem 60 is done", "see page 60", "the page number is 60", "I tried 60 cases".</summary>
    public static bool IsReference(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (terms[at].Value?.Node?.Kind == NodeKind.Relation)
            return false;
        if (IsNumbered(terms, clause))
            return true;
        // "Equation (60)", "line 60 of the proof"
        if (at > 1 && terms[at - 1] is { Kind: TermKind.Boundary, Text: "(" } && (Qualifiers.Numbered.Contains(terms.WordAt(at - 2)) || terms.WordAt(at - 2) is "see" or "from" or "by" or "in" or "using" or "to"))
            return true;
        // "The argument breaks down in line 60", "case 60 remains"
        if (!terms[at].HasUnit && Qualifiers.Numbering.Contains(clause.Words.First) && (clause.Words.Length == 1 || terms.Exists(t => t.Kind == TermKind.Word && Qualifiers.Writings.Contains(t.Text))))
            return true;
        // "The proof takes 60 pages", "the problem wants 60 terms"
        if (clause.Words.At(clause.Words.Length - 1) == "the" && clause.Words.Length <= 3 && (clause.Words.At(clause.Words.Length - 2) is "proof" or "argument" or "solution" or "derivation" or "calculation" && terms[at].HasUnit
            || clause.Words.At(clause.Words.Length - 2) is "problem" or "question" or "exercise" or "task" && clause.Governor is not ("is" or "has")))
            return true;
        if (CountsTrials(terms[at]) && terms.Exists(t => t.Kind == TermKind.Word && (Qualifiers.Trying.Contains(t.Text) || t.Text is "check" or "consider" or "examine" or "verify" or "try")))
            return true;
        if (IsEffort(terms, at, clause, right))
            return true;
        if (clause.IsEquated && clause.Subject.Length is 1 or 3 && Qualifiers.Remarks.Contains(clause.Subject.At(clause.Subject.Length - 1)) && terms[at - 1].Text == ":")
            return true;
        if (clause.IsEquated && !terms[at].HasUnit && clause.Subject.Length == 2 && Qualifiers.Numbering.Contains(clause.Subject[0]) && clause.Subject[1] == "number")
            return true;
        return clause.Words.ContainsAny("i", "we") && clause.Near(0, 3, Qualifiers.Trying) && (Qualifiers.Trials.Contains(right.At(0)) || CountsTrials(terms[at]));
    }

    private static bool IsNumbered(List<Term> terms, Clause clause)
    {
        var noun = clause.Words.First is "number" or "no" or "nr" ? clause.Words.At(1) : clause.Words.First;
        return Qualifiers.Numbered.Contains(noun)
            || (Qualifiers.Numbering.Contains(noun) && (terms.WordAt(0) is "see" or "refer" or "consult" or "compare" or "cf" or "check" or "look" or "turn" or "recall"
                || (clause.Words.ContainsAny("found", "looked", "shown", "given", "stated", "explained", "printed", "proved", "derived") && clause.Words.ContainsAny("it", "this", "answer", "solution", "proof", "formula", "result"))));
    }

    private static bool CountsTrials(Term value) => value.HasUnit && Array.Exists(value.Value!.Node!.Name.Split(' ', '·', '*'), Qualifiers.Trials.Contains);

    /// <summary>What the solver needed ("it took me 60 minutes to solve this", "after 60 attempts I give up").</summary>
    private static bool IsEffort(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (clause.Words.ContainsAny("took") && clause.Words.ContainsAny("me", "us"))
            return true;
        if (clause.Words.ContainsAny("i", "me", "we", "us") && clause.Words.ContainsAny("took", "spent", "needed") && right.Within(0, 4, w => w is "solve" or "solving" or "it" or "this" or "answer" or "proof"))
            return true;
        return clause.Words is { Length: 1, First: "after" or "in" } && terms.Exists(t => t.Text is "i" or "we") && (Qualifiers.Trials.Contains(right.At(0)) || CountsTrials(terms[at]));
    }
}
