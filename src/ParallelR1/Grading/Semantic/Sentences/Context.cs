namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>What the words beside a value say of it.</summary>
internal enum Judgement
{
    /// <summary>The sentence says that this is the value.</summary>
    Stated,

    /// <summary>The sentence says that it is not.</summary>
    Denied,

    /// <summary>The value is bounded, blurred, conditional, or related to something else.</summary>
    Doubtful,
}

/// <summary>Judges a value by the words on its left and right, up to the next comma, bracket or value.</summary>
internal static class Context
{
    /// <param name="terms">The sentence.</param>
    /// <param name="at">The place of the value.</param>
    /// <param name="isResult">Whether it is the result of a computation, so that the words before belong to that.</param>
    public static Judgement Judge(List<Term> terms, int at, bool isResult)
    {
        var right = Right(terms, at);
        var counts = CountsThings(terms, at);
        if (!isResult && Denials.IsOnlyOne(Left(terms, at)))
            return Judgement.Stated;
        if (!isResult && terms[at].Value?.Node?.Kind != NodeKind.Choice && IsDismissed(right))
            return Judgement.Denied;
        if (Neighbours.RightIsDoubtful(Left(terms, at), right, terms[at], counts, isResult))
            return Judgement.Doubtful;
        if (isResult)
            return Judgement.Stated;
        var left = Left(terms, at);
        // "The values are not 1, 2 or 3": what is denied of the first is denied of all.
        if (FirstOfList(terms, at) is var first && first < at && Denials.IsDenied(Left(terms, first)))
            return Judgement.Denied;
        var labelled = Labelled(terms, at, left);
        if (labelled.Length <= 3)
            left = labelled;
        if (IsInverted(terms, at) || IsQualified(terms, at))
            return Judgement.Doubtful;
        if (left is ["than", "rather", ..] or ["of", "instead", ..] or [_, "the" or "his" or "her" or "their", "of", "instead", ..] || (Denials.IsDenied(left) && !IsPartLeft(left, right)))
            return Judgement.Denied;
        if (terms[0].Kind == TermKind.Word && IsBlurred(terms))
            return Judgement.Doubtful;
        if (left.Length == 0 && terms[0].Kind == TermKind.Word && (IsBlurred(terms) || (right.Length == 0 && Lexicon.Conditionals.Contains(terms[0].Text))))
            return Judgement.Doubtful;
        // "Had he paid 7, he would have lost."
        if (left is [.., "had"] && left.Length > 1 && terms[0].IsWord("had"))
            return Judgement.Doubtful;
        if (FunctionsOfAnswer.SpeaksOfAnother(left) || FunctionsOfAnswer.ComputesWithAnswer(terms, at) || (right is ["less" or "more" or "fewer"] && Array.Exists(left, Lexicon.Answers.Contains)))
            return Judgement.Doubtful;
        if (!counts && terms[at].Value?.Node?.Kind != NodeKind.Choice && AnswerForms.IsNone(terms, at, new Clause(left), right))
            return Judgement.Doubtful;
        if (terms[at].Value?.Node?.Kind != NodeKind.Choice && Qualification.Refuses(terms, at, labelled, right))
            return Judgement.Doubtful;
        return Neighbours.LeftIsDoubtful(left, terms[at], counts, right.Length > 0, terms.FindIndex(t => t.Kind == TermKind.Value) < at) ? Judgement.Doubtful : Judgement.Stated;
    }

    /// <summary>The first of the values that commas, "and" and "or" join to the one at a place.</summary>
    private static int FirstOfList(List<Term> terms, int at)
    {
        while (at > 1)
        {
            var before = at - 1;
            if (terms[before].Text is "and" or "or" or "nor")
                before--;
            if (before > 0 && terms[before] is { Kind: TermKind.Boundary, Text: "," })
                before--;
            if (before < 0 || before == at - 1 || terms[before].Kind != TermKind.Value)
                return at;
            at = before;
        }

        return at;
    }

    /// <summary>Whether the value counts things of the story, so that what is said of them need not bear on the answer ("60 seats must be added", "60 of the seats are taken").</summary>
    public static bool CountsThings(List<Term> terms, int at) => terms.WordAt(at + 1) is "are" or "were" or "do" || (terms[at].HasUnit && terms[at].Value!.Node!.Name != "%")
        || (terms.WordAt(at + 1) == "of" && terms.WordAt(at + 2) is "the" or "them" or "these" or "those" or "his" or "her" or "their" or "our" or "its" or "my");

    /// <summary>Whether the value counts things to which something was not done ("he could not sell 7 of the melons").</summary>
    private static bool IsPartLeft(string[] left, string[] right) =>
        right is ["of", "the" or "his" or "her" or "their" or "them", ..] && left is [var verb, "not", ..] && !Lexicon.Copulas.Contains(verb) && !Lexicon.Verbs.Contains(verb) && verb is not ("have" or "get" or "equal");

    /// <summary>Whether the sentence begins with a condition that is not met ("Were the coin fair, the answer would be 7").</summary>
    private static bool IsInverted(List<Term> terms, int at) =>
        terms[0].Text is "were" or "had" or "should" && terms.FindIndex(0, at, t => t.Text is "would" or "could") > 0;

    /// <summary>Whether an insertion between commas blurs the value ("close to, but not exactly, 7").</summary>
    private static bool IsQualified(List<Term> terms, int at) =>
        at > 3 && terms[at - 1] is { Kind: TermKind.Boundary, Text: "," } && terms.FindIndex(Math.Max(0, at - 5), Math.Min(4, at), t => t.IsWord("not")) is >= 0 and var not
            && terms[not + 1].Text is "exactly" or "quite" or "precisely" or "necessarily";

    /// <summary>Whether the value is the subject of a sentence that rejects it, so that another value may be the one ("x = 1 is extraneous").</summary>
    private static bool IsDismissed(string[] right) =>
        right is ["does" or "did" or "is" or "was", "not"] or ["does" or "did", "not", "work" or "satisfy" or "fit" or "count" or "qualify" or "hold", ..]
            or ["is" or "was", "not", "one" or "a" or "an" or "allowed" or "valid" or "possible" or "admissible" or "acceptable", ..]
            || right is ["is" or "was", "extraneous" or "rejected" or "excluded" or "invalid" or "wrong" or "incorrect" or "impossible" or "inadmissible", ..];

    /// <summary>Whether the sentence begins with "roughly speaking,", "in theory", "modulo 50" or the like.</summary>
    private static bool IsBlurred(List<Term> terms) =>
        terms[0].Text is "mod" or "modulo" || (terms[0].Text is "in" or "to" or "by" && (terms.WordAt(1) is "theory" or "principle" or "base" or "analogy" || (terms.WordAt(1), terms.WordAt(2)) is ("absolute", "value") or ("leading" or "first" or "lowest", "order")))
        || terms.FindIndex(0, Math.Min(5, terms.Count), t => t.Kind == TermKind.Boundary) is > 0 and var end
            && (terms.FindIndex(0, end, t => Qualifiers.Approximate.Contains(t.Text) && t.Text is not ("rounded" or "rounding")) >= 0 || terms[0].Text is "give" or "more" && end > 2 && terms[1].IsWord("or"))
        || terms[0].Text is "roughly" or "loosely" or "approximately" or "about" or "nearly" or "almost" && terms.Count > 1
            && (terms[1].Kind == TermKind.Boundary || terms[1].Text == "speaking");

    /// <summary>The words before, the nearest first; of "not 12 but 13" nothing stands before 13.</summary>
    private static string[] Left(List<Term> terms, int at)
    {
        var words = new List<string>();
        for (var i = at - 1; i >= 0 && terms[i].Kind is TermKind.Word or TermKind.Value or TermKind.Equals; i--)
        {
            if (terms[i].IsWord("but") && i >= 2 && terms[i - 1].Kind == TermKind.Value && terms[i - 2].IsWord("not"))
                break;
            words.Add(terms[i].Kind switch { TermKind.Word => terms[i].Text, TermKind.Equals => "equals", _ => "#" });
        }

        return [.. words];
    }

    /// <summary>The words before with those of a label, which a colon equates ("Upper bound: 60").</summary>
    private static string[] Labelled(List<Term> terms, int at, string[] left) =>
        left.Length == 0 && at > 1 && terms[at - 1] is { Kind: TermKind.Boundary, Text: ":" } ? ["is", .. Left(terms, at - 1)] : left;

    /// <summary>The words behind; a bracket or comma directly behind the value is looked into.</summary>
    private static string[] Right(List<Term> terms, int at)
    {
        var words = new List<string>();
        var start = at + 1;
        if (start < terms.Count && terms[start].Kind == TermKind.Boundary && terms[start].Text is "(" or "," or "-")
            start++;
        for (var i = start; i < terms.Count && terms[i].Kind is TermKind.Word or TermKind.Operator; i++)
            words.Add(terms[i].Text);
        // "46, not 45" denies the other value.
        var isContrast = words is ["not"] && start + 1 < terms.Count && terms[start + 1].Kind == TermKind.Value;
        return isContrast ? [] : [.. words];
    }
}
