using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>
/// Whether a sentence says something else of a value than that it is the answer, by kind: that it approximates, bounds, is computed from the answer,
/// is refused, was said before, stands half-way, holds under a condition, is somebody's opinion or hope.
/// </summary>
internal static class Qualification
{
    private const string None = "";

    /// <param name="terms">The sentence.</param>
    /// <param name="at">The place of the value.</param>
    /// <param name="left">The words before it in its clause, the nearest first.</param>
    /// <param name="right">The words behind it.</param>
    public static bool Refuses(List<Term> terms, int at, string[] left, string[] right)
    {
        var clause = new Clause(left);
        return IsApproximate(clause, right) || IsBound(terms, at, clause, right) || IsComputed(terms, at, clause, right) || IsRefused(terms, at, clause, right) || IsFormer(clause, right) || IsHalfWay(terms, at, clause)
            || IsConditional(terms, at, right) || IsReported(terms, at, clause, right) || IsHoped(terms, at, clause, right)
            || IsLikely(clause, right) || IsOffered(clause) || IsCounterfactual(terms, at, clause, right) || IsInserted(terms, at);
    }

    /// <summary>"Likely 60", "it is likely that it is 60", "it seems to be 60", "it is said to be 60".</summary>
    private static bool IsLikely(Clause clause, string[] right)
    {
        if (Qualifiers.Likely.Contains(clause.Governor) || (clause.Governor is "much" or "good") && clause.Words.At(clause.Skipped + 1) is "pretty" or "as")
            return true;
        if (clause.Governor == "say" && clause.Words.Length == clause.Skipped + 1)
            return true;
        for (var i = 0; i < Math.Min(5, clause.Words.Length); i++)
        {
            var word = clause.Words[i];
            var near = i > 0 ? clause.Words[i - 1] : None;
            if (Qualifiers.Likely.Contains(word) && near is "that" or "to" or "it" or "is")
                return true;
            if (Qualifiers.Seeming.Contains(word) && (near is "to" or "like" or "that" or "as" or "it" || (i == clause.Skipped && right.Length == 0)))
                return true;
            if (Qualifiers.SaidToBe.Contains(word) && near == "to" && clause.Words.To(i).Contains("be"))
                return true;
        }

        return false;
    }

    /// <summary>"An example is 60", "a possible answer is 60", "one possible value is 60".</summary>
    private static bool IsOffered(Clause clause)
    {
        if (!clause.IsEquated)
            return false;
        var head = clause.Head;
        if (head.ContainsAny(Qualifiers.Offers))
            return true;
        var possible = head.IndexOf("possible");
        return possible >= 0 && (possible == 0 ? clause.HasIndefiniteArticle : head[possible - 1] is "one" or "another" or "some" or "a") && head.At(possible + 1) is not "";
    }

    /// <summary>"It would be 60 without the restriction", "ignoring order, it would be 60".</summary>
    private static bool IsCounterfactual(List<Term> terms, int at, Clause clause, string[] right)
    {
        // "It was 60 before the change"
        if (clause.Words.First == "was" && clause.Words.At(1) is "it" or "that" or "answer" or "value" && right.At(0) is "before" or "until" or "originally" or "initially" or "previously" or "formerly")
            return true;
        if (!clause.IsEquated || !clause.Words.To(4).Contains("would") || !clause.Subject.ContainsAny("it", "that", "this", "there", "answer", "result", "number", "value", "count", "total"))
            return false;
        var isAnswer = clause.Subject.ContainsAny("it", "answer", "result");
        return terms.Exists(t => t.Kind == TermKind.Word && t.Text is "without" or "ignoring" or "neglecting" or "disregarding" or "otherwise" or "allowed" or "permitted" or "were" or "had")
            || (isAnswer && terms.FindIndex(0, at, t => t.IsWord("if")) >= 0);
    }

    /// <summary>Whether an insertion between commas changes the value ("The answer, squared, is 60", "it is, roughly, 60").</summary>
    private static bool IsInserted(List<Term> terms, int at)
    {
        var end = at - 1;
        while (end > 0 && terms[end].Kind == TermKind.Word && Lexicon.Copulas.Contains(terms[end].Text))
            end--;
        if (end < 2 || terms[end] is not { Kind: TermKind.Boundary, Text: "," or ")" })
            return false;
        for (var i = end - 1; i > 0 && i >= end - 5 && terms[i].Kind is TermKind.Word or TermKind.Boundary; i--)
        {
            if (terms[i].Kind == TermKind.Boundary)
                return terms[i].Text is "," or "(" && terms.FindIndex(i + 1, end - i - 1, t => Qualifiers.Notes.Contains(t.Text) || Qualifiers.Approximate.Contains(t.Text)
                    || (end - i == 2 && (Lexicon.Before.Contains(t.Text) || Qualifiers.Computed.Contains(t.Text) || Qualifiers.Likely.Contains(t.Text)))) >= 0;
        }

        return false;
    }

    /// <summary>"I would estimate 60", "my best guess would be 60", "approximated by 60", "60 when rounded".</summary>
    private static bool IsApproximate(Clause clause, string[] right)
    {
        if (clause.IsEquated && clause.Head.ContainsAny(Qualifiers.Approximate) && !clause.Head.Contains("good"))
            return true;
        var verb = clause.Governor;
        if (Qualifiers.Approximating.Contains(verb) && (right.Length == 0 || clause.Words.ContainsAny("i", "we", "one", "would", "could", "can", "may", "might", "should")))
            return true;
        if (verb is "by" or "at" or "as" or "to" or "with" && clause.Near(1, 3, Qualifiers.Approximating))
            return true;
        if (verb == "at" && clause.Near(1, 4, "put", "place", "peg", "set", "assess") && clause.Words.ContainsAny("i", "we", "would"))
            return true;
        if (verb == "of" && clause.Near(1, 3, Qualifiers.Approximate))
            return true;
        if (verb == "of" && clause.Words.At(1 + clause.Skipped) is "region" or "neighborhood" or "neighbourhood" or "vicinity" or "area" or "ballpark" or "realm" or "tune"
            && clause.Near(2, 4, "in", "within", "to"))
            return true;
        // "It would be a guess", "60 at a guess", "60 by my estimate".
        return right is ["when" or "if" or "after" or "by" or "as" or "at" or "in" or "upon" or "once" or "with" or "is" or "was" or "being" or "just" or "only" or "a" or "an" or "my" or "our" or "to", ..]
            && Within(right, 1, 4, Qualifiers.Approximate)
            || right is ["in", "round", "numbers" or "figures" or "terms", ..] or ["and", "change", ..] or ["plus", "change", ..] or ["and", "then", "some", ..] or ["odd"]
            || right is ["or", "thereabouts", ..] or ["thereabouts", ..] || (right.Length == 1 && Qualifiers.Approximate.Contains(right[0]))
            || right is ["i", "guess" or "suppose" or "reckon" or "suspect" or "imagine" or "bet"] or ["i", "would", "guess" or "say" or "estimate" or "reckon" or "think"];
    }

    /// <summary>"The upper limit is 60", "capped at 60", "in excess of 60", "60 at a minimum".</summary>
    private static bool IsBound(List<Term> terms, int at, Clause clause, string[] right)
    {
        var head = clause.Head;
        if (clause.IsEquated && (head.ContainsAny(Qualifiers.Bounds) && !clause.Subject.Contains("of")
            || head.ContainsAny("upper", "lower", "outer", "top", "bottom") && head.ContainsAny(Qualifiers.Ends)))
            return true;
        var verb = clause.Governor;
        var next = clause.Words.At(clause.Skipped + 1);
        if (verb is "at" or "to" or "by" or "out" && clause.Near(1, 3, Qualifiers.Bounding))
            return true;
        if (verb == "of" && (next is "excess" && clause.Words.At(clause.Skipped + 2) == "in" || Qualifiers.Bounds.Contains(next) || next is "side" or "shy" or "wide" or "outskirts"))
            return true;
        if (Qualifiers.Exceeding.Contains(verb))
            return true;
        return right is ["off"] && terms[at].HasUnit && terms[at].Value!.Node!.Name is not ("%" or "$")
            || right is ["at" or "as", "a" or "an" or "the", var bound, ..] && bound is "minimum" or "maximum" or "least" or "most" or "outside" or "ceiling" or "floor" or "limit" or "cap" or "upper" or "lower"
            || right is ["minimum"] or ["maximum"] or ["tops"] or ["max"] or ["min"] or ["plus"] or ["or", "better", ..] or ["to", "start", "with"] or ["and", "rising" or "growing" or "climbing", ..]
            || right is ["is" or "was" or "would", "the" or "a" or "an" or "be" or "our" or "my", "ceiling" or "cap" or "floor" or "cutoff" or "limit" or "upper" or "lower" or "threshold" or "bound", ..];
    }

    /// <summary>"The square of what we want is 60", "four times the desired number is 60", "adding 5 to it gives 60".</summary>
    private static bool IsComputed(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (right.Length == 0 && Qualifiers.Operating.Contains(clause.Governor) && !clause.Near(1, 2, "is", "are", "was"))
            return true;
        // "The complement has probability 1/6"
        if (right is ["when" or "if" or "once" or "after", var done, ..] && Qualifiers.Computed.Contains(done))
            return true;
        // "When multiplied by 3, the answer becomes 60", "if we square it, we get 60"
        if (terms[0].Text is "if" or "when" or "once" or "after" && terms.FindIndex(0, at, t => t is { Kind: TermKind.Boundary, Text: "," }) is > 0 and var comma
            && terms.FindIndex(0, comma, t => t.Kind == TermKind.Word && Qualifiers.Computing.Contains(t.Text)) is > 0 and var operation
            && (terms[comma - 1].Text is "it" or "answer" or "that" || operation == 1 && NamesAnswer(clause.Subject) >= 0))
            return true;
        if (clause.Words.Length > 2 && clause.Words.From(clause.Words.Length - 2).Contains("complement"))
            return true;
        if (!clause.IsEquated)
            return false;
        var subject = clause.Subject;
        // "Adding 5 to it gives 60"
        if (subject.Contains("#"))
            return Qualifiers.Computing.Contains(subject.First) && subject.ContainsAny("it", "this", "that") && !subject.ContainsAny(Lexicon.Copulas);
        // "Half of the marbles is 60" is a story; half of what is asked for is none.
        var named = NamesAnswer(subject);
        if (named >= 0 && (subject.To(named).ContainsAny(Qualifiers.Functions) || subject.To(named).ContainsAny("root", "than", "percent", "%", "digits", "digit", "part", "fraction", "power")
            || subject.ContainsAny(Qualifiers.Computing) || subject.ContainsAny("times", "plus", "minus", "modulo", "mod", "squared", "cubed")))
            return true;
        if (subject.First is "its" or "whose" && (subject.ContainsAny(Qualifiers.Functions) || subject.ContainsAny("root", "digit", "digits")))
            return true;
        if (subject.At(subject.Length - 1) is "squared" or "cubed" or "doubled" or "tripled" or "halved" or "quadrupled" or "negated" or "inverted" or "reversed")
            return true;
        if (subject.First is "square" or "cube" or "logarithm" or "log" or "successor" or "predecessor" or "complement" or "supplement" && subject.Length > 2 && subject.At(1) == "of")
            return true;
        if (subject.First is "half" or "twice" or "double" or "thrice" or "triple" && subject.At(1) is "the" or "our" or "its" && !subject.ContainsAny("of", "who", "that"))
            return true;
        return subject.Contains("times") && NumberWords.Small(subject.First) is not null && subject.At(1) == "times" && subject.At(2) is "the" or "our" or "its";
    }

    /// <summary>Where a subject names what is asked ("the desired number", "what we want", "the value sought").</summary>
    private static int NamesAnswer(ClauseWords words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var next = words.At(i + 1);
            if (Lexicon.Answers.Contains(words[i]) || (Qualifiers.Wanted.Contains(words[i]) && Qualifiers.Quantities.Contains(next))
                || (Qualifiers.Quantities.Contains(words[i]) && (next is "sought" or "wanted" or "required" or "desired" or "needed" or "requested" or "we" or "you" or "i"
                    || next is "in" or "asked" && words.At(i + 2) is "question" or "for"))
                || (words[i] == "what" && next is "we" or "you" or "i"))
                return i;
        }

        return -1;
    }

    /// <summary>"60 contradicts the assumption", "60 has been ruled out", "I refuse to believe it is 60", "by no means 60", "60 must be subtracted".</summary>
    private static bool IsRefused(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (clause.Words.Contains("refuse") || clause.Words.Contains("refused") || (clause.Governor == "means" && clause.Words.At(clause.Skipped + 1) == "no"))
            return true;
        if (clause.Words.ContainsAny("i", "we") && Qualifiers.Refuse.Contains(clause.Governor) && !terms[at].HasUnit)
            return true;
        var verb = right is ["also" or "clearly" or "obviously" or "actually" or "already" or "itself", ..] ? 1 : 0;
        if (!terms[at].HasUnit && (Qualifiers.Refusing.Contains(right.At(verb)) || (right.At(verb) is "leads" or "led" && right.Contains("contradiction"))))
            return true;
        if (right.At(verb) is "is" or "was" or "has" or "must" or "can" or "should" or "gets" or "got" or "will" or "had" or "needs" or "have" or "are" or "were")
        {
            var to = Math.Min(right.Length, verb + 5);
            for (var i = verb + 1; i < to; i++)
            {
                if (right[i] is "not" or "never" or "cannot")
                    break;
                if (Qualifiers.Refused.Contains(right[i]) && !terms[at].HasUnit && right.At(verb) is not ("are" or "were" or "have"))
                    return true;
                if (Qualifiers.Computed.Contains(right[i]) && i > verb + 1 && right.Contains("be") && right.At(verb) is "must" or "should" or "has" or "needs" or "have")
                    return true;
            }
        }

        // "60 would be correct only if order mattered": what would be is not.
        if (right.At(verb) is "would" or "might" or "could" && (right.At(verb + 1) == "be" || right.At(verb + 1) == "have")
            && (Within(right, verb + 2, verb + 6, w => w is "correct" or "right" or "true" or "answer" or "solution" or "result" or "fine" or "valid")))
            return true;
        return IsTakenBack(terms, at);
    }

    /// <summary>Whether what follows says that the value is not the one ("…, turned out to be wrong", "…, not the answer", "…, but I disagree", "…, the actual count is lower").</summary>
    private static bool IsTakenBack(List<Term> terms, int at)
    {
        var start = at + 1;
        for (var i = start; i < terms.Count; i++)
        {
            if (terms[i].Kind is TermKind.Value or TermKind.Equals)
                return false;
            if (terms[i].Kind != TermKind.Word)
                continue;
            var next = Word(terms, i + 1);
            switch (terms[i].Text)
            {
                case "not" or "never" when next is "the" or "our" or "my" or "what":
                    for (var j = i + 2; j < terms.Count && j < i + 5; j++)
                    {
                        if (terms[j].Kind == TermKind.Word && (Lexicon.Answers.Contains(terms[j].Text) || (next == "what" && terms[j].Text is "we" or "asked" or "you")))
                            return true;
                    }

                    break;
                case "turned" or "turns" or "proved" or "proves" or "proven" or "was" when FaultyWithin(terms, i + 1, i + 5, terms[i].Text == "was"):
                    return true;
                case "which" when next is "is" or "was" && FaultyWithin(terms, i + 2, i + 5, false) && !terms.Exists(t => t.IsWord("than")):
                    return true;
                case "actual" or "true" or "real" or "correct" or "right" or "ours" or "mine" when FindCopula(terms, i + 1, i + 4) is > 0 and var copula
                    && FaultyWithin(terms, copula + 1, copula + 4, false):
                    return true;
                case "i" or "we" when next is "disagree" or "doubt" or "dispute" or "object" or "differ":
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    private static int FindCopula(List<Term> terms, int from, int to)
    {
        for (var i = from; i < terms.Count && i < to; i++)
        {
            if (terms[i].Kind == TermKind.Word && Lexicon.Copulas.Contains(terms[i].Text))
                return i;
        }

        return -1;
    }

    private static bool FaultyWithin(List<Term> terms, int from, int to, bool last)
    {
        for (var i = from; i < terms.Count && i < to && terms[i].Kind == TermKind.Word; i++)
        {
            if (terms[i].Text is "not" or "no" or "to" && terms[i].Text != "to")
                return false;
            if (Qualifiers.Faulty.Contains(terms[i].Text) && (!last || i + 1 >= terms.Count || terms[i + 1].Kind == TermKind.Boundary))
                return true;
        }

        return false;
    }

    /// <summary>"I originally had 60", "we first thought it was 60", "my earlier answer of 60".</summary>
    private static bool IsFormer(Clause clause, string[] right)
    {
        if (clause.Words.ContainsAny("i", "we") && clause.Words.ContainsAny(Qualifiers.Formerly) && clause.Words.ContainsAny(Qualifiers.HadAnswer))
        {
            // "First we found" tells the steps in their order.
            var speaker = Math.Max(clause.Words.IndexOf("i"), clause.Words.IndexOf("we"));
            var formerly = clause.Words.IndexOfAny(Qualifiers.Formerly);
            return formerly < speaker || clause.Words[formerly] is not ("first" or "once" or "before");
        }

        // "60 was my first answer", "60 is what I first thought"
        if (right.At(0) is "is" or "was" && (Within(right, 1, 5, Qualifiers.Provisional) && Within(right, 2, 6, Qualifiers.Sayings)
            || (right.At(1) == "what" && (Within(right, 2, 6, Qualifiers.HadAnswer) && right.Length < 7 && !right.Contains("found") && !right.Contains("get") || Within(right, 2, 6, Qualifiers.Reporting)))))
            return true;
        if (clause.Governor == "of" && clause.Near(1, 3, "answer", "result", "solution", "guess", "value", "attempt") && clause.Near(2, 4, Qualifiers.Provisional))
            return true;
        return clause.IsEquated && clause.Head.ContainsAny(Qualifiers.Provisional) && clause.Head.ContainsAny("answer", "result", "guess", "estimate", "attempt", "try", "thought", "claim");
    }

    /// <summary>"The subtotal is 60", "so far we have 60", "after the first step we have 60".</summary>
    private static bool IsHalfWay(List<Term> terms, int at, Clause clause)
    {
        if (clause.IsEquated && clause.Head.ContainsAny(Qualifiers.Intermediate))
            return true;
        if (clause.Words.Contains("intermediate") || (terms[0].IsWord("at") && Word(terms, 1) is "this" or "that" && Word(terms, 2) is "point" or "stage" or "moment"))
            return true;
        if (clause.IsEquated && clause.Subject.Length == 2 && clause.Subject[0] == "so" && clause.Subject[1] == "far" || clause.Subject.First == "far" && clause.Subject.Length == 1)
            return true;
        if (terms[0].Text is "halfway" or "midway" or "partway")
            return true;
        var step = terms.FindIndex(0, at, t => t.Kind == TermKind.Word && t.Text is "step" or "stage" or "iteration" or "pass");
        return step is > 0 and <= 4 && terms[0].Text is "after" or "at" or "in" or "following" && Word(terms, step - 1) is "first" or "second" or "third" or "this" or "that" or "previous" or "initial" or "one" or "intermediate";
    }

    /// <summary>"Provided that x is even, it is 60", "60 as long as x is even".</summary>
    private static bool IsConditional(List<Term> terms, int at, string[] right)
    {
        if (terms[0].Text is "provided" or "providing" or "supposing" or "unless" or "barring" or "pretend" or "imagine" or "imagining" || (terms[0].Text is "as" or "so" && Word(terms, 1) == "long"))
            return terms[0].Kind == TermKind.Word && at > 1;
        if (terms[0].Text is "in" or "under" && Word(terms, 2) is "assumption" or "hypothesis" or "supposition" or "event" or "condition" or "premise")
            return true;
        for (var i = 0; i < Math.Min(4, right.Length); i++)
        {
            if (Lexicon.Verbs.Contains(right[i]) && i > 0)
                return false;
            if (Qualifiers.Conditional.Contains(right[i]) && !(right[i] == "subject" && right.At(i + 1) != "to")
                || (right[i], right.At(i + 1)) is ("as" or "so", "long") or ("on", "condition") or ("only", "if" or "when") or ("under", "the") && (right[i] != "under" || right.At(i + 2) is "assumption" or "hypothesis" or "condition"))
                return true;
        }

        return false;
    }

    /// <summary>"Some people claim it is 60", "my friend thinks that it is 60", "according to the book it is 60".</summary>
    private static bool IsReported(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (terms[0].IsWord("according") && at > 3 && !Authority(terms, 2, at))
            return true;
        // "Tom's answer is 60", "the textbook gives 60", "many students answer 60"
        if (clause.IsEquated && terms.FindIndex(0, at, t => t.IsPossessive && !Qualifiers.Authorities.Contains(t.Text)) is >= 0 and var owner
            && terms.FindIndex(owner + 1, Math.Min(3, at - owner - 1), t => Qualifiers.Sayings.Contains(t.Text)) > 0)
            return true;
        var bare = right.Length == 0 && !terms[at].HasUnit || right.At(0) is "but" or "though" or "which";
        if (bare && clause.Governor is "gives" or "give" or "says" or "has" or "have" or "lists" or "shows" or "states" or "claims" or "got" or "gets" && clause.Near(1, 3, Qualifiers.Sources))
            return true;
        if (bare && clause.Governor is "answer" or "answers" && (clause.Near(1, 2, Qualifiers.Sources) || clause.Near(1, 2, "would", "will", "might", "may", "could", "to", "often", "usually", "they", "many", "some")))
            return true;
        var report = clause.Words.IndexOfAny(Qualifiers.Reporting);
        if (report < 0)
            return right is [_, ..] && (right[0] != "as" || right.Length > 2) && right[^1] is "says" or "said" or "claims" or "claimed" or "thinks" or "thought" or "believes" or "believed" && right.Length <= 4 && !right.Contains("i") && !right.Contains("we") && !right.Contains("problem");
        // Between the verb and the value: nothing but "that", "it is", "the answer is".
        for (var i = 0; i < report; i++)
        {
            var word = clause.Words[i];
            if (!(Lexicon.Fillers.Contains(word) || Lexicon.Copulas.Contains(word) || word is "that" or "it" or "there" or "would" or "should" or "must" or "will" or "me" or "us" or "to"
                || Qualifiers.Wanted.Contains(word) || Qualifiers.Quantities.Contains(word)))
                return false;
        }

        if (report == clause.Skipped && (right.Length > 0 || terms[at].HasUnit) && right.At(0) is not ("but" or "and" or "though" or "yet" or "however"))
            return false;
        var subject = clause.Words.From(report + 1);
        return subject.Length > 0 && !subject.ContainsAny(Qualifiers.Authorities) && !subject.ContainsAny(Qualifiers.Speakers);
    }

    private static bool Authority(List<Term> terms, int from, int to)
    {
        for (var i = from; i < Math.Min(to, from + 6) && terms[i].Kind == TermKind.Word && !Lexicon.Copulas.Contains(terms[i].Text); i++)
        {
            if (Qualifiers.Authorities.Contains(terms[i].Text))
                return true;
        }

        return false;
    }

    /// <summary>"She hopes to reach 60": what is hoped for is not yet.</summary>
    private static bool IsHoped(List<Term> terms, int at, Clause clause, string[] right)
    {
        if (right.Length > 0)
            return false;
        if (!terms[at].HasUnit && (clause.Governor is "want" or "wants" or "wanted" || clause.Words.IndexOf("to") is > 0 and <= 2 and var to
            && (clause.Words.At(to + 1) is "fails" or "failed" or "fail" or "unable" or "refuses" or "refused" or "forgot" || clause.Words.At(to + 1) is "is" or "was" && clause.Words.At(to + 2) is "goal" or "aim" or "plan" or "objective" or "target" or "hope" or "wish")))
            return true;
        if (clause.Governor == "for" && clause.Words.At(clause.Skipped + 1) is "aiming" or "hoping" or "aim" or "hope")
            return true;
        var hope = clause.Words.IndexOfAny(Qualifiers.Intending);
        return hope is > 0 and <= 5 && clause.Words[hope - 1] is "to" or "for";
    }

    private static string Word(List<Term> terms, int i) => i >= 0 && i < terms.Count && terms[i].Kind == TermKind.Word ? terms[i].Text : None;

    private static string At(this string[] words, int i) => i < words.Length ? words[i] : None;

    private static bool Within(string[] words, int from, int to, FrozenSet<string> set) => Within(words, from, to, set.Contains);

    private static bool Within(string[] words, int from, int to, Predicate<string> isOne)
    {
        for (var i = from; i < Math.Min(to, words.Length); i++)
        {
            if (isOne(words[i]))
                return true;
        }

        return false;
    }
}
