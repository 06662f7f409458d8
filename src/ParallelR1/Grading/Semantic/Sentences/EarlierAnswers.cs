namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that was the answer before.</summary>
internal static class EarlierAnswers
{
    /// <summary>"I originally had 60", "we first thought it was 60", "my earlier answer of 60".</summary>
    public static bool IsFormer(List<Term> terms, Clause clause, string[] right)
    {
        if (clause.Words.ContainsAny("i", "we") && clause.Words.ContainsAny(Qualifiers.Formerly) && clause.Words.ContainsAny(Qualifiers.HadAnswer))
        {
            // "First we found" tells the steps in their order.
            var speaker = Math.Max(clause.Words.IndexOf("i"), clause.Words.IndexOf("we"));
            var formerly = clause.Words.IndexOfAny(Qualifiers.Formerly);
            return formerly < speaker || clause.Words[formerly] is not ("first" or "once" or "before");
        }

        // "Before correcting it, I had 60"
        if (clause.Words.ContainsAny("i", "we") && terms[0].Text is "before" or "until" && terms[0].Kind == TermKind.Word && clause.Words.ContainsAny(Qualifiers.HadAnswer))
            return true;
        // "60 was my first answer", "60 is what I first thought"
        if (right.At(0) is "is" or "was" && (right.Within(1, 5, Qualifiers.Provisional) && right.Within(2, 6, Qualifiers.Sayings)
            || (right.At(1) == "what" && (right.Within(2, 6, Qualifiers.HadAnswer) && right.Length < 7 && !right[^1..].AsSpan().ContainsAny(["found", "asked", "wanted", "sought", "needed", "required"]) && !right.Contains("found") && !right.Contains("get") || right.Within(2, 6, Qualifiers.Reporting)))))
            return true;
        return clause.IsEquated && clause.Head.ContainsAny(Qualifiers.Provisional) && clause.Head.ContainsAny("answer", "result", "guess", "estimate", "attempt", "try", "thought", "claim");
    }
}
