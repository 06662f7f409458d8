namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>
/// Tells the value that a sentence states from those that only describe what it speaks of: "The sum of 10 and 14 is 24", "Each of the 3 friends pays
/// 24 dollars", "In 5 years he will be 24".
/// </summary>
internal static class Roles
{
    private static readonly HashSet<string> s_openings = ["in", "after", "within", "during", "over", "for", "by", "every", "on"];

    /// <summary>Removes the places of values that describe.</summary>
    public static void Reduce(List<Term> terms, List<(int At, bool IsResult)> places)
    {
        if (places.Count < 2)
            return;
        // "24 is the least common multiple of 6 and 8"
        if (places[0].At == 0 && terms.WordAt(1) == "is" && terms.WordAt(2) == "the" && terms.FindIndex(0, places[^1].At, t => t.Kind is TermKind.Boundary) < 0)
        {
            places.RemoveRange(1, places.Count - 1);
            return;
        }

        if (IsPredicate(terms, places))
        {
            places.RemoveRange(0, places.Count - 1);
            return;
        }

        foreach (var rule in (Func<List<Term>, int, bool>[])[IsKnown, OpensSentence, IsEndOfRange, IsPeriod, IsSpan, IsInserted, IsGoal, IsWhole, IsAdjunct, IsPrepositional, IsOvertaken])
        {
            var known = places.FindAll(p => rule(terms, p.At));
            if (known.Count < places.Count)
                places.RemoveAll(known.Contains);
        }
    }

    /// <summary>Whether the last value is what the subject is said to be, and all others belong to the subject.</summary>
    private static bool IsPredicate(List<Term> terms, List<(int At, bool IsResult)> places)
    {
        var verb = places[^1].At - 1;
        while (verb > 0 && (terms[verb] is { Kind: TermKind.Boundary, Text: "$" } || (terms[verb].Kind == TermKind.Word && (Lexicon.Fillers.Contains(terms[verb].Text) || terms[verb].Text is "each" or "him" or "them"))))
            verb--;
        // "They amount to 24", "it adds up to 24"
        var adds = terms[verb].IsWord("to") && terms.WordAt(verb - 1) is "amount" or "amounts" or "amounted" or "comes" or "up" or "total" or "totals";
        if (adds)
            verb -= terms.WordAt(verb - 1) == "up" ? 2 : 1;
        if (verb < 1 || terms[verb].Kind != TermKind.Word || !(adds || IsVerb(terms[verb].Text)) || places[^2].At > verb)
            return false;
        if (terms.WordAt(verb - 1) is "will" or "would" or "can" or "must" or "should")
            verb--;
        // A comma at the beginning is what is left of a condition.
        var first = terms[0].Kind == TermKind.Boundary ? 1 : 0;
        // "24 is 25" describes nothing; "17 and 7 make 24" does.
        if (places[0].At == first && !(terms[places[^1].At].HasUnit && !Lexicon.Copulas.Contains(terms[verb].Text)) && !(terms.WordAt(first + 1) is "and" or "plus" && places[1].At == first + 2) || places[0].At == 1 && terms[0].Text is "the" or "a")
            return false;
        var subordinate = 0;
        for (var i = first; i < verb; i++)
        {
            if (terms[i].Kind != TermKind.Word)
                continue;
            subordinate += terms[i].Text is "that" or "who" or "which" or "whom" or "when" or "where" or "after" or "before" or "because" ? 1 : 0;
            var isNoun = terms.WordAt(i - 1) is "the" or "a" or "an" or "total" or "average" or "combined" or "his" or "her" or "their" or "its";
            var isFinite = !isNoun && (IsVerb(terms[i].Text) || Lexicon.Verbs.Contains(terms[i].Text));
            if (terms[i].Text is "or" or "either" || (isFinite && --subordinate < 0))
                return false;
        }

        return true;
    }

    private static bool IsVerb(string word) => word is "contain" or "contains" || Lexicon.Copulas.Contains(word) || Lexicon.ResultVerbs.Contains(word);

    /// <summary>Whether the value counts things that are known already ("all 7 books", "each of the 3 friends").</summary>
    private static bool IsKnown(List<Term> terms, int at)
    {
        if (at == 0 || terms[at - 1].Kind != TermKind.Word || !(terms[at].HasUnit || (at + 1 < terms.Count && terms[at + 1].Kind == TermKind.Word)))
            return false;
        if (at > 3 && terms[at - 2].IsWord("of") && terms[at - 3].IsWord("each") && terms[at - 4].IsWord("for"))
            return false;
        var before = terms[at - 1].Text;
        return before is "all" or "these" or "those" || (before == "the" && !(at > 1 && Lexicon.Copulas.Contains(terms[at - 2].Text)));
    }

    /// <summary>Whether the value is one end of a range that says which things are counted ("There are 15 integers between 10 and 26").</summary>
    private static bool IsEndOfRange(List<Term> terms, int at) =>
        (at > 0 && terms[at - 1].IsWord("between") && at + 2 < terms.Count && terms[at + 1].IsWord("and") && terms[at + 2].Kind == TermKind.Value)
            || (at > 2 && terms[at - 1].IsWord("and") && terms[at - 2].Kind == TermKind.Value && terms[at - 3].IsWord("between"));

    /// <summary>Whether the value says how often ("60 dollars every 2 weeks").</summary>
    private static bool IsPeriod(List<Term> terms, int at) => at > 1 && terms[at - 1].Text is "every" or "per" && terms[at].HasUnit;

    /// <summary>Whether the value says when or how long, behind what the sentence states ("He will be 24 in 5 years").</summary>
    private static bool IsSpan(List<Term> terms, int at) => at > 1 && terms[at - 1].Text is "in" or "after" or "within" or "during" or "over" or "for" && terms[at].HasUnit
        && terms[at].Value!.Node!.Name is "s" or "min" or "h" or "day" or "week" or "month" or "year" && terms.FindIndex(t => t.Kind == TermKind.Value) < at;

    /// <summary>Whether the value is what is to be reached by what the sentence states ("She must sell 24 more to reach 50").</summary>
    private static bool IsGoal(List<Term> terms, int at)
    {
        var to = terms.FindLastIndex(at, t => t.IsWord("to"));
        var reached = to > 0 ? terms.FindLastIndex(to, t => t.Kind == TermKind.Value) : -1;
        return reached >= 0 && to + 1 < at && terms[to + 1].Kind == TermKind.Word && !Lexicon.Before.Contains(terms[to + 1].Text) && !Lexicon.Fillers.Contains(terms[to + 1].Text)
            && terms[to + 1].Text is not ("get" or "obtain" or "give" or "make" or "find" or "be" or "have" or "yield" or "pay")
            && terms.FindIndex(reached, at - reached, t => t.Kind == TermKind.Boundary || t.Text is "so" or "and" or "which" || Lexicon.Verbs.Contains(t.Text)) < 0
            && terms.FindIndex(0, to, t => t.Text is "must" or "need" or "needs" or "needed" or "takes" or "take" or "took" or "requires" or "more" or "has" or "have") >= 0;
    }

    /// <summary>Whether the value is the whole of which the one before it is a part ("24 of the 50 pencils", "24 out of 50 students"), or what that buys ("24 dollars for 2 tickets").</summary>
    private static bool IsWhole(List<Term> terms, int at)
    {
        var before = at - 1;
        if (terms.WordAt(before) == "for" && before > 0)
            return terms[at].HasUnit && terms[before - 1].Value?.Node is { Kind: NodeKind.Quantity, Name: "$" } && terms[at].Value!.Node!.Name != "$";
        if (terms.WordAt(before) is "the" or "his" or "her" or "their" or "all")
            before--;
        if (terms.WordAt(before) != "of" || before + 1 == at && terms.WordAt(before - 1) != "out")
            return false;
        var part = terms.WordAt(before - 1) == "out" ? before - 2 : before - 1;
        return part >= 0 && terms[part].Value?.Node is { } node && node.Name != "%" && (terms[at].HasUnit || terms.WordAt(at + 1).Length > 0);
    }

    /// <summary>Whether a conclusion with another value follows ("She is 7 now, so in 5 years she will be 12").</summary>
    private static bool IsOvertaken(List<Term> terms, int at)
    {
        var so = terms.FindIndex(at, t => t.Kind == TermKind.Word && t.Text is "so" or "hence" or "therefore" or "thus");
        var later = so < 0 || Conclusions.IsDegree(terms.WordAt(so + 1)) ? -1 : terms.FindIndex(so, t => t.Kind == TermKind.Value);
        return later > 0 && terms.FindIndex(so, later - so, t => t.IsWord("not")) < 0;
    }

    /// <summary>Whether the value is what a preposition relates the statement to ("he needs 3 hours for 180 km", "7 eggs in each of 12 boxes").</summary>
    private static bool IsPrepositional(List<Term> terms, int at)
    {
        if (at < 2 || !(terms[at].HasUnit || terms.WordAt(at + 1).Length > 0) || terms[at].Value?.Node is { Kind: NodeKind.Quantity, Name: "$" or "¢" or "%" })
            return false;
        var preposition = at - 1;
        while (preposition > 0 && at - preposition < 4 && terms[preposition].Kind == TermKind.Word && terms[preposition].Text is "the" or "a" or "an" or "his" or "her" or "their" or "its" or "each" or "every" or "all" or "another" or "next" or "first" or "last" or "other" or "just" or "only")
            preposition--;
        var before = terms.WordAt(preposition - 1);
        return terms.WordAt(preposition) switch
        {
            "in" or "among" or "across" or "during" or "within" or "over" or "per" or "through" => before is not ("results" or "resulting" or "resulted"),
            "with" => before is not ("left" or "ended" or "ends" or "end" or "up"),
            "after" or "before" => true,
            _ => false,
        };
    }

    /// <summary>Whether the value belongs to what was done before or meanwhile, behind what the sentence states ("She owes 24 dollars after paying off 60").</summary>
    private static bool IsAdjunct(List<Term> terms, int at)
    {
        // "24 are left after Anna ate 6"
        var clause = terms.FindLastIndex(at, t => t.Kind is TermKind.Boundary or TermKind.Value && t != terms[at] || t.Text is "after" or "before" or "when" or "while" or "until");
        if (clause > 1 && terms[clause].Kind == TermKind.Word && terms.FindIndex(0, clause, t => t.Kind == TermKind.Value) >= 0)
            return true;
        var verb = at - 1;
        while (verb > 1 && terms[verb].Kind == TermKind.Word && !terms[verb].Text.EndsWith("ing", StringComparison.Ordinal))
            verb--;
        return verb > 1 && terms[verb].Kind == TermKind.Word && terms[verb - 1].Text is "after" or "before" or "by" or "when" or "while" or "despite" or "without" or "instead" or "from" or "of"
            && (terms[verb - 1].Text != "of" || terms.WordAt(verb - 2) == "instead") && terms.FindIndex(0, verb - 1, t => t.Kind == TermKind.Value) >= 0;
    }

    /// <summary>Whether the value describes somebody in an insertion ("Anna, who is 9, saved 24 dollars").</summary>
    private static bool IsInserted(List<Term> terms, int at)
    {
        var open = terms.FindLastIndex(at, t => t.Kind == TermKind.Boundary);
        var close = terms.FindIndex(at, t => t.Kind == TermKind.Boundary);
        return open > 0 && close > 0 && close + 1 < terms.Count && terms[open].Text == "," && terms[close].Text == "," && terms.WordAt(open + 1) is "who" or "whose" or "which" or "aged" or "that" or "after" or "namely";
    }

    /// <summary>Whether the value says when or how long, before what the sentence states ("In 5 years he will be 24").</summary>
    private static bool OpensSentence(List<Term> terms, int at) =>
        at is 1 or 2 && terms[0].Kind == TermKind.Word && s_openings.Contains(terms[0].Text) && (at == 1 || terms[1].Text is "the" or "just" or "only")
            && (terms[at].HasUnit || (at + 1 < terms.Count && terms[at + 1].Kind == TermKind.Word && terms[at + 1].Text is not ("and" or "or" or "to" or "more" or "less")));
}
