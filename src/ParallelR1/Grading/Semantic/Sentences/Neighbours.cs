namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>Doubt in the words directly beside a value.</summary>
internal static class Neighbours
{
    public static bool LeftIsDoubtful(string[] left, Term value, bool counts, bool hasRight, bool isLater)
    {
        if (IsDoubted(left, counts) || (!counts && IsExcluded(left)))
            return true;
        if (!counts && Array.IndexOf(left, "longer") is >= 0 and var longer && left.At(longer + 1) == "no")
            return true;
        if (left is [.., "of", "one" or "some" or "two"] && Array.Exists(left, Lexicon.Candidates.Contains))
            return true;
        var i = 0;
        while (i < left.Length && Lexicon.Fillers.Contains(left[i]))
            i++;
        if (value.Value?.Node?.Kind is NodeKind.Ratio or NodeKind.Date && left is ["before" or "after" or "past" or "by" or "preceding" or "following", ..] && (left.At(1) is not ("day" or "hours") || value.Value.Node.Kind == NodeKind.Date))
            return true;
        // "It could easily be 7", "it was going to be 7"
        if (left is ["be", [.., 'l', 'y'] or "well" or "as", ..] && left.AsSpan(1, Math.Min(3, left.Length - 1)).ContainsAny(["could", "might", "may"]) || left is ["be", "to", "going" or "supposed" or "meant", "was" or "were", ..])
            return true;
        if (left is ["been", "have", "would" or "could" or "might" or "should", ..])
            return true;
        if (i > 0 && !left.AsSpan(0, i).Contains("only") && left.AsSpan(0, i).Contains("be") && left.At(i) is "could" or "might" or "may" or "can" && !(counts && left.At(i + 1) == "there"))
            return true;
        var next = left.At(i + 1);
        if (left.At(i) is "after" or "before" && next is "right" or "directly" or "immediately" or "just")
            next = left.At(i + 2);
        if (next is "the" or "a" or "an")
            next = left.At(i + 2);
        return left.At(i) switch
        {
            "" => false,
            "or" => !isLater && !(counts && left.Length == 1),
            "longer" or "more" => next == "no",
            "but" => next is not ("nothing" or "none"),
            "of" => IsOfAnother(left, i) || (Lexicon.Relations.Contains(next) && !(counts && next is "rid" or "out")) || !(Lexicon.Measures.Contains(next) || value.HasUnit || value.IsFormula || hasRight),
            "to" => (i > 0 && NumberWords.Small(next) is not null) || (Lexicon.BeforeTo.Contains(next) && !(next == "up" && left.At(i + 2) is "add" or "adds" or "added" or "adding" or "sum" or "sums" or "summed" or "go" or "goes" or "went" or "come" or "comes")) || (next == "equal" && left.Contains("or")),
            "by" => Lexicon.BeforeBy.Contains(next) || left.At(i + 2) == "bounded",
            "from" => Lexicon.BeforeFrom.Contains(next) || left.At(i + 2) == "from",
            "with" or "in" => !value.HasUnit && Lexicon.BeforeWith.Contains(next),
            "least" or "most" or "minimum" or "maximum" or "best" or "worst" => next == "at" || (next == "very" && left.Contains("at")),
            "as" => next is "such" or "many" or "much" or "few" or "high" or "low" or "little" or "large" or "small" or "big",
            "for" => next is "except" || (next == "save" && !counts),
            "out" => next is "rule" or "rules" or "ruled" or "leave" or "leaves",
            "after" or "before" or "following" or "preceding" or "beside" => value.Value?.Node?.Kind == NodeKind.Choice || (!value.HasUnit && Lexicon.Numbers.Contains(next)),
            "every" => !counts,
            var word => Lexicon.Before.Contains(word) || (!counts && Lexicon.BeforeNumber.Contains(word) && !(word is "contains" && next is "now" or "still")),
        };
    }

    /// <summary>Whether, in words without a verb, the value only tells of what a function is taken ("the complement of an angle of 7 degrees", "the reflection of (2, 7)").</summary>
    private static bool IsOfAnother(string[] left, int of)
    {
        if (Array.Exists(left, w => Lexicon.Verbs.Contains(w) || Lexicon.Copulas.Contains(w) || Lexicon.ResultVerbs.Contains(w)))
            return false;
        var outer = Array.LastIndexOf(left, "of");
        return left.At(outer + 1) is var head && outer + 3 >= left.Length && !Lexicon.Measures.Contains(head) && (outer > of ? outer - of <= 3 && left[outer - 1] is "the" or "a" or "an" : head.EndsWith("ion", StringComparison.Ordinal));
    }

    public static bool RightIsDoubtful(string[] left, string[] right, Term value, bool counts, bool isResult)
    {
        if (!isResult && (!value.HasUnit || (value.Value!.Node!.Name == "%" && right.At(0) == "of")) && IsRelatedToVariable(right))
            return true;
        if ((right.Length is > 1 and <= 4 && right[^1] is "bound" or "estimate" or "approximation" or "guess")
            || right is ["in", "case", ..] or [.., "would", "be", "wrong" or "incorrect"])
            return true;
        if (left.Length == 0 && right is ["less" or "more" or "fewer", "than", "that" or "it" or "this" or "what", ..])
            return true;
        if (!counts && right is ["might" or "may" or "could", "be", ..])
            return true;
        // "7 works only for odd n."
        if (right is [var fits, "only", ..] && (Lexicon.Fitness.Contains(fits) || Lexicon.Fitness.Contains(fits.TrimEnd('s'))))
            return true;
        if (right is ["in", "binary" or "octal" or "hexadecimal" or "hex" or "ternary", ..] or [.., "divided", "by", "the" or "that" or "this", _]
            or ["comes" or "came" or "come", "close", ..] or ["out", "of", "the", "question", ..] or ["satisfies" or "meets" or "fulfils", "only", ..])
            return true;
        if ((right is ["out"] && left.At(0) is "rule" or "ruled" or "leave" or "leaves") || left is ["first" or "last", "the"])
            return true;
        if (right is ["for", "example" or "instance", ..] or ["and", "a", "bit" or "little" or "fraction" or "few", ..] or ["at", "the", "earliest" or "latest" or "very" or "least" or "most", ..])
            return true;
        if (!value.HasUnit && right is ["too", "high" or "low" or "large" or "small" or "big" or "long" or "short", ..])
            return true;
        for (var i = 0; i < Math.Min(3, right.Length); i++)
        {
            if (Lexicon.Verbs.Contains(right[i]) || right[i] is "to" or "of" or "in" or "for" or "that" or "who" or "which")
                break;
            if (right[i] == "if" && value.HasUnit && right.At(i + 1) is "he" or "she" or "they" or "it" or "we" or "you")
                break;
            // "17 incorrect answers": the word belongs to what is counted.
            if (i == 0 && right[0] is "incorrect" or "wrong" or "false" or "invalid" or "negative" or "impossible" && right.At(1).EndsWith('s') && right.At(1) is not ("is" or "as"))
                break;
            if ((Lexicon.After.Contains(right[i]) || (!counts && Lexicon.AfterNumber.Contains(right[i]))) && !(isResult && right[i] is "if" or "unless" or "short"))
                return true;
            var next = right.At(i + 1);
            if ((left.Length == 0 && (right[i], next) is ("short" or "shy", "of")) || (!counts && (right[i], next) is ("below", "zero") or ("followed" or "preceded", "by") or ("too", "many" or "much" or "few" or "little")) || (i == 0 && !counts && right is ["up"]))
                return true;
            if (right[i] == "and" && Lexicon.AfterAnd.Contains(next))
                return true;
            if ((right[i], next) is ("among", "others") or ("for", "example" or "instance") || right.AsSpan(i) is ["and", "so", "on", ..] or ["at", "the", "very", ..])
                return true;
            if (i == 0 && right[i] == "less" && next is "a" or "an" or "the" or "one" or "two")
                return true;
            if (right[i] == "at" && next is "least" or "most" or "minimum" or "maximum" or "best" or "worst")
                return true;
            if ((right[i] == "or" && (i == 0 || !counts) && i + 1 < right.Length && next is not ("they" or "he" or "she" or "it" or "we" or "you" or "else"))
                || (right[i] is "give" or "more" or "plus" && next is "or" or "take"))
                return true;
            if (i == 0 && (right[i] == "not" && right.Length == 1 || right[i] == "times" && next is "the"))
                return true;
        }

        return !isResult && PredicateIsDoubtful(right, counts);
    }

    /// <summary>Whether a variable behind the value makes it depend on that ("7 when n is even", "7 less than n", "7 to the n").</summary>
    private static bool IsRelatedToVariable(string[] right)
    {
        var variable = Array.FindIndex(right, w => w.Length == 1 && w[0] is >= 'b' and <= 'z');
        return variable is > 0 and <= 4 && !right.Contains("divided")
            && right[0] is "when" or "whenever" or "until" or "while" or "for" or "where" or "with" or "as" or "to" or "less" or "more" or "fewer" or "%" or "of" or "than"
            or "times"
            || (right.Length > 2 && right[0] == "to" && right.Contains("power"));
    }

    /// <summary>Whether the value is the subject of a sentence that says it is not what is asked for.</summary>
    private static bool PredicateIsDoubtful(string[] right, bool counts)
    {
        if (right.Contains("contradiction") && !right.Contains("without"))
            return true;
        // "The 7 that we found is wrong": the verb of the clause in between says nothing of the value.
        if (right is ["that" or "which", ..] && right[^1] is "wrong" or "incorrect" or "false" or "invalid" or "impossible" or "extraneous")
            return true;
        var verb = Array.FindIndex(right, 0, Math.Min(2, right.Length), w => Lexicon.Copulas.Contains(w)
            || w is "does" or "do" or "did" or "can" or "cannot" or "will" or "would" or "could" or "may");
        if (verb < 0)
            return false;
        var predicate = right[(verb + 1)..];
        var first = predicate.At(0);
        if (first is "only" or "just" or "merely" && predicate.At(1) == "be")
            (predicate, first) = (predicate[1..], "be");
        var conditional = first == "be" && right[verb] is "would" or "could";
        if (conditional)
            (predicate, first) = (predicate[1..], predicate.At(1));
        if (!conditional && !Lexicon.Copulas.Contains(right[verb]))
            return !counts && (right[verb] == "may" || (right[verb] == "cannot" || first is "not" or "never") && Lexicon.Fitness.Contains(right[verb] == "cannot" ? first : predicate.At(1)));
        if (first is "not" or "never")
            return verb == 0 && !counts || predicate.Intersect(["answer", "solution", "correct", "right", "possible", "true", "it"]).Any();
        if (predicate is ["what", ..] && Array.Exists(predicate, Lexicon.Exclusions.Contains))
            return true;
        if (Lexicon.Comparisons.Contains(first) || Array.Exists(predicate, Lexicon.Dismissals.Contains))
            return true;
        // "60 is a classic error"
        if (predicate is ["a" or "an" or "the" or "my" or "our", .., "trap" or "pitfall" or "error" or "mistake" or "misconception" or "illusion" or "decoy" or "lure" or "fallacy" or "blunder" or "typo"] && predicate.Length <= 4)
            return true;
        var article = Array.FindIndex(predicate, w => w is "a" or "an");
        return article == 0 && Array.Exists(predicate, w => w is "divisor" or "factor" or "multiple" or "power" or "root") && !predicate.Contains("common")
            || (predicate.Contains("of") && predicate.Intersect(["answer", "result", "solution", "value"]).Any()
                && predicate.Intersect(["square", "half", "double", "opposite", "negative", "reciprocal", "inverse", "twice", "third", "multiple", "cube"]).Any());
    }

    /// <summary>Whether a word of doubt stands before; the wrong answers that the story counts are none ("the number of wrong answers is 60").</summary>
    private static bool IsDoubted(string[] left, bool counts)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if ((Lexicon.Doubts.Contains(left[i]) && !IsComputation(left, i)) || (Lexicon.Faults.Contains(left[i]) && !IsOfStory(left, i, counts)))
                return true;
        }

        return false;
    }

    /// <summary>Whether a verb rejects the value, rather than something in a clause before ("after discarding the other root we are left with 60").</summary>
    private static bool IsExcluded(string[] left)
    {
        var verb = Array.FindIndex(left, Lexicon.Exclusions.Contains);
        return verb >= 0 && !(Array.Exists(left[..verb], w => w is "we" or "i" or "it" or "is") && !left.AsSpan(0, verb).Contains("that"));
    }

    /// <summary>Whether a fault belongs to things of the story ("the number of wrong guesses is 60", "his mistake cost 60 dollars"), and not to what is said of the value.</summary>
    private static bool IsOfStory(string[] left, int fault, bool counts)
    {
        var next = fault > 0 ? left[fault - 1] : "";
        return next is not ("that" or "to" or "") && !Lexicon.Answers.Contains(next) && (counts || (next.EndsWith('s') && !Lexicon.Copulas.Contains(next)));
    }

    /// <summary>"If you add them you get 60" tells how it is computed.</summary>
    private static bool IsComputation(string[] left, int condition) =>
        left[condition] == "if" && condition == left.Length - 1 && left is ["get" or "obtain" or "have" or "find", "you" or "we", ..] && left.At(condition - 1) is "you" or "we"
            && Qualifiers.Computing.Contains(left.At(condition - 2)) && left.AsSpan(0, condition).ContainsAny(["them", "all", "both", "these", "everything"]);
}
