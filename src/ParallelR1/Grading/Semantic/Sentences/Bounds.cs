namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that bounds the one asked for.</summary>
internal static class Bounds
{
    /// <summary>"The upper limit is 60", "capped at 60", "in excess of 60", "60 at a minimum".</summary>
    public static bool IsBound(List<Term> terms, int at, Clause clause, string[] right)
    {
        var head = clause.Head;
        if (clause.IsEquated && !head.ContainsAny("least", "greatest", "best", "sharp", "tight") && (head.ContainsAny(Qualifiers.Bounds) && !clause.Subject.Contains("of") && !(terms[at].HasUnit && right.Length > 0)
            || !(terms[at].HasUnit && clause.Subject.First is "their" or "his" or "her" or "its") && head.ContainsAny("upper", "lower", "outer", "top", "bottom") && head.ContainsAny(Qualifiers.Ends)))
            return true;
        var verb = clause.Governor;
        var next = clause.Words.At(clause.Skipped + 1);
        if (verb is "at" or "to" or "by" or "out" && clause.Near(1, 3, Qualifiers.Bounding))
            return true;
        if (verb == "of" && (next is "excess" && clause.Words.At(clause.Skipped + 2) == "in" || Qualifiers.Bounds.Contains(next) || next is "shy" or "wide" or "outskirts" || (next == "side" && clause.Words.Contains("on"))))
            return true;
        // "The class missed 60 questions"; "we missed it by 60", "the answers differ by 60"
        if (verb == "by" && clause.Near(1, 3, "missed", "miss", "deviates", "deviate", "differs", "differ") && clause.Words.ContainsAny("we", "i", "my", "our", "answer", "answers"))
            return true;
        if (Qualifiers.Exceeding.Contains(verb) && !(terms[at].HasUnit && verb.StartsWith("miss", StringComparison.Ordinal)))
            return true;
        return right is ["off"] && terms[at].HasUnit && terms[at].Value!.Node!.Name is not ("%" or "$")
            || right is ["at" or "as", "a" or "an" or "the", var bound, ..] && bound is "minimum" or "maximum" or "least" or "most" or "outside" or "ceiling" or "floor" or "limit" or "cap" or "upper" or "lower"
            || right is ["minimum"] or ["maximum"] or ["tops"] or ["max"] or ["min"] or ["plus"] or ["or", "better", ..] || (!terms[at].HasUnit && right is ["to", "start", "with"])
            || right is ["and", "rising" or "growing" or "climbing", ..]
            || right is ["is" or "was" or "would", "the" or "a" or "an" or "be" or "our" or "my", "ceiling" or "cap" or "floor" or "cutoff" or "limit" or "upper" or "lower" or "threshold" or "bound", ..];
    }
}
