namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that holds under a condition, or would hold in another world.</summary>
internal static class Conditions
{
    /// <summary>"Provided that x is even, it is 60", "60 as long as x is even".</summary>
    public static bool IsConditional(List<Term> terms, int at, string[] right)
    {
        if (terms[0].Text is "provided" or "providing" or "supposing" or "unless" or "barring" or "pretend" or "imagine" or "imagining" || (terms[0].Text is "as" or "so" && terms.WordAt(1) == "long"))
            return terms[0].Kind == TermKind.Word && at > 1;
        // "Should x be zero, it is 60"
        if (terms[0].IsWord("should") && terms.FindIndex(0, at, t => t is { Kind: TermKind.Boundary, Text: "," }) > 0)
            return true;
        if (terms[0].IsWord("in") && terms.WordAt(1) == "case" && terms.WordAt(2) != "of")
            return true;
        // "60 in the best case"
        if (right is ["in", not ("each" or "every" or "any" or "either" or "both" or "all"), .., "case" or "cases" or "scenario"] && right.Length <= 4)
            return true;
        if (terms[0].Text is "in" or "under" or "on" && IsHypothesis(terms, at))
            return true;
        // "If n is even, the answer is 60"
        if (terms[0].Text is "if" or "when" or "whenever" && DependsOnVariable(terms, at))
            return true;
        for (var i = 0; i < Math.Min(4, right.Length); i++)
        {
            if (Lexicon.Verbs.Contains(right[i]) && i > 0)
                return false;
            if (Qualifiers.Conditional.Contains(right[i]) && !(right[i] == "except" && terms[at].HasUnit) && !(right[i] == "subject" && right.At(i + 1) != "to")
                || (right[i], right.At(i + 1)) is ("as" or "so", "long") or ("on", "condition") or ("only", "if" or "when") or ("under", "the") && (right[i] != "under" || right.At(i + 2) is "assumption" or "hypothesis" or "condition"))
                return true;
        }

        return false;
    }

    /// <summary>"Under the hypothesis …", "on the assumption that …", "in the even case …"; "in this case" names the one at hand.</summary>
    private static bool IsHypothesis(List<Term> terms, int at)
    {
        var noun = terms.FindIndex(0, Math.Min(at, 6), t => t is { Kind: TermKind.Word, Text: "assumption" or "hypothesis" or "supposition" or "event" or "condition" or "premise" or "scenario" or "case" });
        return noun > 1 && terms.WordAt(noun - 1) is not ("this" or "that" or "each" or "every" or "any" or "either" or "our" or "both" or "which" or "no" or "all") && terms.WordAt(noun + 1) != "of";
    }

    private static bool DependsOnVariable(List<Term> terms, int at)
    {
        var kind = terms.FindIndex(0, Math.Min(at, 8), t => t is { Kind: TermKind.Word, Text: "even" or "odd" or "positive" or "negative" or "prime" or "composite" or "large" or "small" or "divisible" or "nonzero" or "real" });
        return kind > 0 && terms.FindIndex(0, Math.Min(at, kind + 3), t => t is { Kind: TermKind.Word, Text: [>= 'b' and <= 'z'] } || t.Value?.Node?.Kind == NodeKind.Symbol) > 0
            && terms.FindIndex(0, kind, t => t.Text is "all" or "every" or "any" or "each") < 0;
    }

    /// <summary>"It would be 60 without the restriction", "ignoring order, it would be 60".</summary>
    public static bool IsCounterfactual(List<Term> terms, int at, Clause clause, string[] right)
    {
        // "It was 60 before the change"
        if (clause.Words.First == "was" && clause.Words.At(1) is "it" or "that" or "answer" or "value" && right.At(0) is "before" or "until" or "originally" or "initially" or "previously" or "formerly")
            return true;
        // "If it had rained, he would have sold 60"
        var have = clause.Words.IndexOf("have");
        if (have > 0 && clause.Words.At(have + 1) is "would" or "could" or "might" && terms.FindIndex(0, at, t => t.Text is "had" or "not" or "without") >= 0)
            return true;
        if (!clause.IsEquated || !clause.Words.To(4).Contains("would") || !clause.Subject.ContainsAny("it", "that", "this", "there", "answer", "result", "number", "value", "count", "total"))
            return false;
        var isAnswer = clause.Subject.ContainsAny("it", "answer", "result");
        return terms.Exists(t => t.Kind == TermKind.Word && t.Text is "without" or "with" or "ignoring" or "neglecting" or "disregarding" or "otherwise" or "allowed" or "permitted" or "were" or "had")
            || (isAnswer && terms.FindIndex(0, at, t => t.IsWord("if")) >= 0);
    }
}
