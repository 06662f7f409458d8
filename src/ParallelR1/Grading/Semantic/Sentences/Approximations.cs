namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that is estimated, guessed, or rounded.</summary>
internal static class Approximations
{
    /// <summary>"I would estimate 60", "my best guess would be 60", "approximated by 60", "60 when rounded".</summary>
    public static bool IsApproximate(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (clause.IsEquated && IsBlurring(terms, at, clause))
            return true;
        var verb = clause.Governor;
        if (verb is "by" or "at" or "as" or "to" or "with" && clause.Near(1, 3, Qualifiers.Approximating))
            return true;
        if (verb == "at" && clause.Near(1, 4, "put", "place", "peg", "set", "assess") && clause.Words.ContainsAny("i", "we", "would"))
            return true;
        if (verb == "of" && clause.Near(1, 3, Qualifiers.Approximate))
            return true;
        // "It would be a guess", "60 at a guess", "60 by my estimate".
        return right is ["when" or "if" or "after" or "by" or "as" or "at" or "in" or "upon" or "once" or "with" or "is" or "was" or "being" or "just" or "only" or "a" or "an" or "my" or "our" or "to", ..]
            && right.Within(1, 4, Qualifiers.Approximate)
            || right is ["in", "round", "numbers" or "figures" or "terms", ..] or ["and", "change", ..] or ["plus", "change", ..] or ["and", "then", "some", ..] or ["odd"]
            || right is ["or", "thereabouts", ..] or ["thereabouts", ..] || (right.Length == 1 && Qualifiers.Approximate.Contains(right[0]))
            || right is ["i", "guess" or "suppose" or "reckon" or "suspect" or "imagine" or "bet"] or ["i", "would", "guess" or "say" or "estimate" or "reckon" or "think"];
    }

    /// <summary>Whether the subject is the answer as an estimate ("the rough value", "my estimate", "the estimated answer"); the estimated cost and Tom's estimate have names of their own.</summary>
    private static bool IsBlurring(List<Term> terms, int at, Clause clause)
    {
        var head = clause.Head;
        var blur = head.IndexOfAny(Qualifiers.Approximate);
        if (blur < 0 || head.Contains("good"))
            return false;
        if (head[blur] is "estimated" or "rounded" or "guessed" && head.At(blur + 1) is not "" && !Lexicon.Answers.Contains(head.At(blur + 1)))
            return false;
        // "The answer rounded to the nearest cent" says how exact an answer is asked for.
        if (head[blur] == "rounded" && clause.Subject.ContainsAny("nearest", "decimal", "place", "places"))
            return false;
        if (head[blur] is "estimate" or "guess" && blur > 0 && head[blur - 1] is "average" or "mean" or "median" or "highest" or "lowest" or "largest" or "smallest" or "closest")
            return false;
        return !(head[blur] is "estimate" or "guess" && terms.FindIndex(0, at, t => t.IsPossessive && !Qualifiers.Sources.Contains(t.Text)) >= 0);
    }
}
