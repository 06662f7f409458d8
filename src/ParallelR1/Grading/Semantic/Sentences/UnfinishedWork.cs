namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value half-way to the answer, with which something is still to be done.</summary>
internal static class UnfinishedWork
{
    /// <summary>"The subtotal is 60", "so far we have 60", "after the first step we have 60".</summary>
    public static bool IsHalfWay(List<Term> terms, int at, Clause clause)
    {
        var interim = clause.IsEquated ? clause.Head.IndexOfAny(Qualifiers.Intermediate) : -1;
        if (interim >= 0 && (clause.Head[interim] != "running" || Qualifiers.Quantities.Contains(clause.Head.At(interim + 1))))
            return true;
        if (clause.Words.Contains("intermediate") || (!terms[at].HasUnit && terms[0].IsWord("at") && terms.WordAt(1) is "this" or "that" && terms.WordAt(2) is "point" or "stage" or "moment"))
            return true;
        if (terms[0].Text is "halfway" or "midway" or "partway")
            return true;
        // "The first step gives 60"
        if (!terms[at].HasUnit && clause.IsEquated && clause.Head.Length <= 2 && Qualifiers.Steps.Contains(clause.Head.At(clause.Head.Length - 1)) && clause.Head.First is not ("last" or "final"))
            return true;
        var step = terms.FindIndex(0, at, t => t.Kind == TermKind.Word && Qualifiers.Steps.Contains(t.Text));
        return step is > 0 and <= 4 && terms[0].Text is "after" or "at" or "in" or "following" && terms.WordAt(step - 1) is "first" or "second" or "third" or "this" or "that" or "previous" or "initial" or "one" or "intermediate";
    }

    /// <summary>Whether something is still to be done with the value ("60, which must then be halved", "60 before doubling it", "so far we have 60", "60, and there are more to count").</summary>
    public static bool IsToBeContinued(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (terms[at].HasUnit && !terms[at].IsFormula && !FollowsBoundary(terms, at))
            return false;
        // "So far he has 60" may be asked for; "so far we have 60" tells how the work goes.
        if (OpensWithInterim(terms) && (clause.Words.Length is 0 or 2 || clause.Words.ContainsAny("we", "i", "it", "that", "this")) && right.Length == 0)
            return true;
        if (!terms[at].HasUnit && IsInterim(right))
            return true;
        if (right.At(0) is "with" && right.Within(1, 6, w => w is "missing" or "outstanding" or "uncounted" or "lacking" or "pending"))
            return true;
        // "60 is just the first half of the count"
        if (right.At(0) is "is" or "was" or "are" && right.At(1) is "only" or "just" or "merely" or "but" && right.Within(2, 5, w => w is "half" or "part" or "portion" or "beginning" or "start" or "stage" or "step" or "piece"))
            return true;
        return (!terms[at].HasUnit && right.At(0) is not ("more" or "extra" or "additional" or "less") && IsOperand(clause)) || WhatFollowsWorksOn(terms, at);
    }

    /// <summary>Whether a request puts the value into a computation ("now we multiply 60 by the price", "divide it by 60", "it remains to subtract 60", "check 60").</summary>
    private static bool IsOperand(Clause clause)
    {
        for (var i = clause.Skipped; i < clause.Words.Length && i < clause.Skipped + 5; i++)
        {
            var word = clause.Words[i];
            var before = clause.Words.At(i + 1);
            if (Qualifiers.WorkToDo.Contains(word))
                return before is "" or "to" or "then" or "now" or "next" or "and" or "please" or "must" or "should" or "we" or "you" or "just" or "finally";
            if (word is "check" or "try" or "test" or "consider" && before is "" or "then" or "now" or "next" or "please" or "just" or "us" or "me")
                return true;
            if (i == clause.Skipped + 1 && clause.Governor == "by" && Qualifiers.WorkInProgress.Contains(word))
                return true;
            if (word is "#" or "is" or "get" or "gives" or "have" or "has" or "equals" or "obtain" or "find" or "makes" or "answer")
                return false;
        }

        return false;
    }

    /// <summary>Whether a comma or the like stands behind the value, so that what follows may be about the work rather than the story.</summary>
    private static bool FollowsBoundary(List<Term> terms, int at) => at + 1 < terms.Count && terms[at + 1].Kind == TermKind.Boundary;

    private static bool OpensWithInterim(List<Term> terms) =>
        (terms.WordAt(0), terms.WordAt(1)) is ("so" or "thus", "far") or ("far", _) or ("up" or "until", "to" or "now") or ("for", "now") or ("as", "yet");

    private static bool IsInterim(string[] right) =>
        right is ["so" or "thus", "far", ..] or ["as", "yet", ..] or ["up", "to", "now" or "here", ..] or ["until" or "for", "now", ..] or ["for", "the", "moment" or "time", ..];

    /// <summary>Whether the words behind the value say what is to be done with it, or that more is to come.</summary>
    private static bool WhatFollowsWorksOn(List<Term> terms, int at)
    {
        var afterBoundary = false;
        for (var i = at + 1; i < terms.Count; i++)
        {
            if (terms[i].Kind == TermKind.Boundary)
            {
                afterBoundary = true;
                continue;
            }

            // "60, but we have not yet counted the last row"
            if (afterBoundary && terms[i].IsWord("not") && terms.WordAt(i + 1) == "yet" && (Qualifiers.Work.Contains(terms.WordAt(i + 2)) || Qualifiers.Work.Contains(terms.WordAt(i + 3))))
                return true;
            // "60, and we continue"
            if (terms[i].IsWord("and") && !terms[at].HasUnit && (terms.WordAt(i + 1) is "we" or "i" ? terms.WordAt(i + 2) : terms.WordAt(i + 1)) is "continue" or "proceed" or "go" or "carry" or "keep" or "move" or "now")
                return true;
            // "60 of the 80 remain to be counted": a value of the same clause.
            if (terms[i].Kind == TermKind.Value && !afterBoundary && terms.WordAt(i - 1) is "the" or "of")
                continue;
            if (terms[i].Kind != TermKind.Word || terms[i].Text is "because" or "since" or "as" or "when" or "if" or "not")
                return false;
            if (IsWork(terms, i, at, afterBoundary))
                return true;
        }

        return false;
    }

    /// <summary>Whether a word names work on the value that is still to be done.</summary>
    private static bool IsWork(List<Term> terms, int i, int at, bool afterBoundary)
    {
        var word = terms[i].Text;
        var isNext = terms.WordAt(i - 1) is "now" or "then" or "still" or "next" or "finally";
        var before = Before(terms, ref i);
        // "has to be doubled", "must then be halved", "remain to be counted", "still to be added"
        if (before == "be" && Qualifiers.Work.Contains(word))
        {
            var modal = Before(terms, ref i);
            return modal is "must" or "should" or "shall" or "will"
                || (modal == "to" && (Before(terms, ref i) is "has" or "have" or "had" or "needs" or "need" or "ought" or "remain" or "remains" or "left" or "is" or "are" or ""));
        }

        // "needs doubling", "which still requires rounding"
        if (before is "needs" or "requires" or "wants" or "awaits" && Qualifiers.WorkInProgress.Contains(word))
            return true;
        // "60, which we must now double", "60, then halve it"
        if (Qualifiers.WorkToDo.Contains(word) && (afterBoundary || before == "to"))
        {
            // "60, we add them up" tells how it was found.
            if (before is "must" or "should" or "" || (before is "we" or "you" && isNext) || (before == "to" && Before(terms, ref i) is "have" or "has" or "need" or "needs" or "remains" or "left" or "remember" or "forget" or "going" or "want"))
                return true;
        }

        // "and there are more to count", "with others still to come"
        return before == "to" && word is "come" or "follow" or "count" or "add" or "find" or "go" or "consider" or "check" or "do" or "include"
            && Before(terms, ref i) is "more" or "others" or "some" or "rest" or "many" or "several" or "work" or "cases" && i > at + 1;
    }

    /// <summary>The word before a place, without adverbs of order; the place moves onto it.</summary>
    private static string Before(List<Term> terms, ref int i)
    {
        do
            i--;
        while (i > 0 && terms.WordAt(i) is "then" or "now" or "still" or "also" or "first" or "next" or "yet" or "finally" or "only" or "just" or "and" or "once" or "again");
        return terms.WordAt(i);
    }
}
