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
        if (!isResult && IsOnlyOne(Left(terms, at)))
            return Judgement.Stated;
        if (!isResult && terms[at].Value?.Node?.Kind != NodeKind.Choice && IsDismissed(right))
            return Judgement.Denied;
        if (RightIsDoubtful(right, terms[at], isResult))
            return Judgement.Doubtful;
        if (isResult)
            return Judgement.Stated;
        var left = Left(terms, at);
        if (IsInverted(terms, at) || IsQualified(terms, at) || IsProvisional(left))
            return Judgement.Doubtful;
        if (left is ["than", "rather", ..] or ["of", "instead", ..] || IsDenied(left))
            return Judgement.Denied;
        if (terms[0].Kind == TermKind.Word && IsBlurred(terms))
            return Judgement.Doubtful;
        if (left.Length == 0 && terms[0].Kind == TermKind.Word && (IsBlurred(terms) || (right.Length == 0 && Lexicon.Conditionals.Contains(terms[0].Text))))
            return Judgement.Doubtful;
        // "Had he paid 7, he would have lost."
        if (left is [.., "had"] && left.Length > 1 && terms[0].IsWord("had"))
            return Judgement.Doubtful;
        if (SpeaksOfAnother(left) || ComputesWithAnswer(terms, at) || (right is ["less" or "more" or "fewer"] && Array.Exists(left, Lexicon.Answers.Contains)))
            return Judgement.Doubtful;
        if (terms[at].Value?.Node?.Kind != NodeKind.Choice && Qualification.Refuses(terms, at, Labelled(terms, at, left), right))
            return Judgement.Doubtful;
        return LeftIsDoubtful(left, terms[at], right.Length > 0, terms.FindIndex(t => t.Kind == TermKind.Value) < at) ? Judgement.Doubtful : Judgement.Stated;
    }

    /// <summary>Whether everything else is denied ("no other value than 7", "it cannot be anything but 7").</summary>
    private static bool IsOnlyOne(string[] left) =>
        (left is ["but", "anything", ..] && Array.Exists(left, w => w is "cannot" or "not"))
            || (left is ["than", "other", ..] or ["than", _, "other", ..] && Array.Exists(left, w => Lexicon.NegativeSubjects.Contains(w) || w is "cannot" or "not"));

    /// <summary>Whether the sentence begins with a condition that is not met ("Were the coin fair, the answer would be 7").</summary>
    private static bool IsInverted(List<Term> terms, int at) =>
        terms[0].Text is "were" or "had" or "should" && terms.FindIndex(0, at, t => t.Text is "would" or "could") > 0;

    /// <summary>Whether an insertion between commas blurs the value ("close to, but not exactly, 7").</summary>
    private static bool IsQualified(List<Term> terms, int at) =>
        at > 3 && terms[at - 1] is { Kind: TermKind.Boundary, Text: "," } && terms.FindIndex(Math.Max(0, at - 5), Math.Min(4, at), t => t.IsWord("not")) is >= 0 and var not
            && terms[not + 1].Text is "exactly" or "quite" or "precisely" or "necessarily";

    /// <summary>Whether the answer that the sentence names is a preliminary or wrong one ("The naive answer is 7").</summary>
    private static bool IsProvisional(string[] left)
    {
        var answer = Array.FindIndex(left, w => Lexicon.Answers.Contains(w) || w is "guess" or "estimate" or "value");
        return answer >= 0 && At(left, answer + 1) is "naive" or "common" or "first" or "initial" or "previous" or "preliminary" or "rough" or "approximate" or "intuitive"
            or "supposed" or "apparent" or "typical" or "earlier" or "old" && Array.Exists(left[..answer], Lexicon.Copulas.Contains) && left[answer] != "value";
    }

    /// <summary>Whether the value is the subject of a sentence that rejects it, so that another value may be the one ("x = 1 is extraneous").</summary>
    private static bool IsDismissed(string[] right) =>
        right is ["is" or "was", "extraneous" or "rejected" or "excluded" or "invalid" or "wrong" or "incorrect" or "impossible" or "inadmissible", ..];

    /// <summary>Whether the value is said of something that is computed from the answer ("twice the answer is 7", "its square is 7").</summary>
    private static bool SpeaksOfAnother(string[] left)
    {
        var verb = Array.FindIndex(left, w => Lexicon.Copulas.Contains(w) || w is "has" or "have" or "contains");
        if (verb < 0)
            return false;
        var subject = left[(verb + 1)..];
        if (!Lexicon.Copulas.Contains(left[verb]))
            return subject is [var owner, "the" or "our" or "my", ..] && Lexicon.Answers.Contains(owner);
        if (IsPartOfAnswer(subject))
            return true;
        var ofAnswer = Array.Exists(subject, Lexicon.Answers.Contains) && Array.Exists(subject, w => Lexicon.Operations.Contains(w) || w is "plus" or "minus" or "times" or "than" or "modulo" or "mod");
        return ofAnswer || (subject is [_, "its" or "whose" or "their", ..] or [_, "its" or "whose"] or ["which", "of", ..] && Array.Exists(subject, Lexicon.Operations.Contains));
    }

    /// <summary>Whether the subject is something of the answer, such as its last digits.</summary>
    private static bool IsPartOfAnswer(string[] subject)
    {
        var answer = Array.FindIndex(subject, Lexicon.Answers.Contains);
        if (answer < 0)
            return false;
        var of = answer + 1;
        while (At(subject, of) is "the" or "our" or "my" or "this" or "final")
            of++;
        return At(subject, of) == "of" && At(subject, of + 1) is not ("value" or "size" or "form" or "magnitude" or "one");
    }

    /// <summary>Whether a computation with the answer stands before the value ("Doubling the answer gives 7", "if you double the answer, you get 7").</summary>
    private static bool ComputesWithAnswer(List<Term> terms, int at)
    {
        for (var i = 1; i < at; i++)
        {
            if (!Lexicon.Answers.Contains(terms[i].Text) || terms[i].Kind != TermKind.Word)
                continue;
            for (var j = i - 1; j >= 0 && j >= i - 4 && terms[j].Kind != TermKind.Boundary; j--)
            {
                if (terms[j].Kind != TermKind.Word)
                    continue;
                // "Adding them gives the answer 7"
                if (Lexicon.Copulas.Contains(terms[j].Text) || terms[j].Text is "gives" or "yields" or "get" or "gets" or "obtain" or "find")
                    break;
                if (Lexicon.Operations.Contains(terms[j].Text) || Qualifiers.Computing.Contains(terms[j].Text))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether the sentence begins with "roughly speaking," or the like.</summary>
    private static bool IsBlurred(List<Term> terms) =>
        terms.FindIndex(0, Math.Min(5, terms.Count), t => t.Kind == TermKind.Boundary) is > 0 and var end
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

    private static string At(string[] words, int i) => i < words.Length ? words[i] : "";

    private static bool IsDenied(string[] left)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] == "not" && At(left, i - 1 < 0 ? left.Length : i - 1) == "only")
                continue;
            if (Lexicon.Negations.Contains(left[i]) && !IsReleased(left, i))
                return true;
            var isSubject = i == left.Length - 1 || (i + 1 == left.Length - 1 && Lexicon.Copulas.Contains(left[i + 1])) || At(left, i + 1) is "#" or "that";
            if (left[i] == "without" && left.AsSpan(0, i).ContainsAny(Lexicon.Pronouns))
                continue;
            // "There is no remainder and each gets 7."
            var and = Array.IndexOf(left, "and", 0, i);
            if (and > 0 && Array.Exists(left[..and], Lexicon.Verbs.Contains) && Lexicon.NegativeSubjects.Contains(left[i]))
                continue;
            // "The probability that neither wins is 24 %."
            if (Lexicon.NegativeSubjects.Contains(left[i]) && i > 1 && At(left, i + 1) == "that" && At(left, i + 2) is "probability" or "chance" or "likelihood" or "odds")
                continue;
            if (Lexicon.NegativeSubjects.Contains(left[i]) && i > 0 && isSubject && !(left[i] == "nothing" && left[0] == "but"))
                return true;
        }

        return false;
    }

    /// <summary>Whether a finite verb follows the denied one, so that the denial belongs to a clause before ("those who do not play are 7").</summary>
    private static bool IsReleased(string[] left, int negation)
    {
        var start = negation - 1;
        if (start >= 0 && Lexicon.Opinions.Contains(left[start]))
            return false;
        var inRelativeClause = negation + 2 < left.Length && left[negation + 2] is "who" or "that" or "which" or "whom" && start > 0;
        if (inRelativeClause)
            return true;
        for (var i = start - 1; i >= 0; i--)
        {
            if (Lexicon.Verbs.Contains(left[i]))
                return !left.AsSpan(i + 1, start - i).Contains("that");
        }

        return false;
    }

    private static bool LeftIsDoubtful(string[] left, Term value, bool hasRight, bool isLater)
    {
        if (Array.Exists(left, Lexicon.Doubts.Contains) || (!value.HasUnit && Array.Exists(left, Lexicon.Exclusions.Contains)))
            return true;
        if (left is [.., "of", "one" or "some" or "two"] && Array.Exists(left, Lexicon.Candidates.Contains))
            return true;
        var i = 0;
        while (i < left.Length && Lexicon.Fillers.Contains(left[i]))
            i++;
        if (value.Value?.Node?.Kind != NodeKind.Choice && left is ["picked" or "chose" or "guessed" or "pick" or "choose" or "guess", "i" or "we", ..]
            || Array.IndexOf(left, "out") is >= 0 and var ruled && At(left, ruled + 1) is "rule" or "rules" or "ruled")
            return true;
        if (value.Value?.Node?.Kind == NodeKind.Ratio && left is ["before" or "after" or "past" or "by", ..] && At(left, 1) is not ("day" or "hours"))
            return true;
        if (left is ["been", "have", "would" or "could" or "might" or "should", ..])
            return true;
        if (i > 0 && !left.AsSpan(0, i).Contains("only") && left.AsSpan(0, i).Contains("be") && At(left, i) is "could" or "might" or "may" or "can")
            return true;
        var next = At(left, i + 1);
        if (next is "the" or "a" or "an")
            next = At(left, i + 2);
        return At(left, i) switch
        {
            "" => false,
            "or" => !isLater,
            "longer" or "more" => next == "no",
            "but" => next is not ("nothing" or "none"),
            "of" => Lexicon.Relations.Contains(next) || !(Lexicon.Measures.Contains(next) || value.HasUnit || value.IsFormula || hasRight),
            "to" => Lexicon.BeforeTo.Contains(next) || (next == "equal" && left.Contains("or")),
            "by" => Lexicon.BeforeBy.Contains(next) || At(left, i + 2) == "bounded",
            "from" => Lexicon.BeforeFrom.Contains(next) || At(left, i + 2) == "from",
            "with" or "in" => !value.HasUnit && Lexicon.BeforeWith.Contains(next),
            "least" or "most" or "minimum" or "maximum" or "best" or "worst" => next == "at",
            "as" => next is "such" or "many" or "much" or "few" or "high" or "low" or "little" or "large" or "small" or "big",
            "for" => next is "except" or "save",
            "out" => next is "rule" or "rules" or "ruled" or "leave" or "leaves",
            "after" or "before" or "following" or "preceding" or "beside" => value.Value?.Node?.Kind == NodeKind.Choice || (!value.HasUnit && Lexicon.Numbers.Contains(next)),
            var word => Lexicon.Before.Contains(word),
        };
    }

    private static bool RightIsDoubtful(string[] right, Term value, bool isResult)
    {
        if (!isResult && (!value.HasUnit || (value.Value!.Node!.Name == "%" && At(right, 0) == "of")) && IsRelatedToVariable(right))
            return true;
        if ((right.Length is > 1 and <= 4 && right[^1] is "bound" or "estimate" or "approximation" or "guess")
            || right is ["in", "case", ..] or [.., "would", "be", "wrong" or "incorrect"])
            return true;
        // "7 works only for odd n."
        if (right is [var fits, "only", ..] && (Lexicon.Fitness.Contains(fits) || Lexicon.Fitness.Contains(fits.TrimEnd('s'))))
            return true;
        if (right is ["in", "binary" or "octal" or "hexadecimal" or "hex" or "ternary", ..] or [.., "divided", "by", "the" or "that" or "this", _]
            or ["comes" or "came" or "come", "close", ..] or ["out", "of", "the", "question", ..] or ["satisfies" or "meets" or "fulfils", "only", ..])
            return true;
        if (right is ["for", "example" or "instance", ..] or ["and", "a", "bit" or "little" or "fraction" or "few", ..] or ["at", "the", "earliest" or "latest" or "very" or "least" or "most", ..])
            return true;
        for (var i = 0; i < Math.Min(3, right.Length); i++)
        {
            if (Lexicon.Verbs.Contains(right[i]) || right[i] is "to" or "of" or "in" or "for" or "that" or "who" or "which")
                break;
            if (right[i] == "if" && value.HasUnit && At(right, i + 1) is "he" or "she" or "they" or "it" or "we" or "you")
                break;
            // "17 incorrect answers": the word belongs to what is counted.
            if (i == 0 && right[0] is "incorrect" or "wrong" or "false" or "invalid" or "negative" or "impossible" && At(right, 1).EndsWith('s') && At(right, 1) is not ("is" or "as"))
                break;
            if (Lexicon.After.Contains(right[i]) && !(isResult && right[i] is "if" or "unless" or "short"))
                return true;
            var next = At(right, i + 1);
            if ((right[i], next) is ("below", "zero") or ("followed", "by") or ("preceded", "by") or ("too", "many" or "much" or "few" or "little") || (i == 0 && right is ["up"]))
                return true;
            if (right[i] == "and" && Lexicon.AfterAnd.Contains(next))
                return true;
            if ((right[i], next) is ("among", "others") or ("for", "example" or "instance") || right.AsSpan(i) is ["and", "so", "on", ..] or ["at", "the", "very", ..])
                return true;
            if (i == 0 && right[i] == "less" && next is "a" or "an" or "the" or "one" or "two")
                return true;
            if (right[i] == "at" && next is "least" or "most" or "minimum" or "maximum" or "best" or "worst")
                return true;
            if ((right[i] == "or" && i + 1 < right.Length && next is not ("they" or "he" or "she" or "it" or "we" or "you" or "else"))
                || (right[i] is "give" or "more" or "plus" && next is "or" or "take"))
                return true;
            if (i == 0 && (right[i] == "not" && right.Length == 1 || right[i] == "times" && next is "the"))
                return true;
            if (i == 0 && right[i] is "more" or "less" or "fewer" && next == "than" && At(right, 2) is "the" && right.Length > 3 && right[3] is "answer" or "result" or "value")
                return true;
        }

        return !isResult && PredicateIsDoubtful(right, value);
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
    private static bool PredicateIsDoubtful(string[] right, Term value)
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
        var first = At(predicate, 0);
        if (first is "only" or "just" or "merely" && At(predicate, 1) == "be")
            (predicate, first) = (predicate[1..], "be");
        var conditional = first == "be" && right[verb] is "would" or "could";
        if (conditional)
            (predicate, first) = (predicate[1..], At(predicate, 1));
        if (!conditional && !Lexicon.Copulas.Contains(right[verb]))
            return right[verb] == "may" || (right[verb] == "cannot" || first is "not" or "never") && Lexicon.Fitness.Contains(right[verb] == "cannot" ? first : At(predicate, 1));
        if (first is "not" or "never")
            return verb == 0 && !value.HasUnit || predicate.Intersect(["answer", "solution", "correct", "right", "possible", "true", "it"]).Any();
        if (predicate is ["what", ..] && Array.Exists(predicate, Lexicon.Exclusions.Contains))
            return true;
        if (Lexicon.Comparisons.Contains(first) || Array.Exists(predicate, Lexicon.Dismissals.Contains))
            return true;
        var article = Array.FindIndex(predicate, w => w is "a" or "an");
        return article == 0 && Array.Exists(predicate, w => w is "divisor" or "factor" or "multiple" or "power" or "root") && !predicate.Contains("common")
            || (predicate.Contains("of") && predicate.Intersect(["answer", "result", "solution", "value"]).Any()
                && predicate.Intersect(["square", "half", "double", "opposite", "negative", "reciprocal", "inverse", "twice", "third", "multiple", "cube"]).Any());
    }
}
