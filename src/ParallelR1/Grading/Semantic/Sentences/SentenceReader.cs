using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>
/// Reads what a sentence says about which value. Each value is judged by the words beside it, by their place: what denies, bounds or blurs it
/// refuses the sentence, what computes with it is worked out, and everything else belongs to the story.
/// </summary>
internal static class SentenceReader
{
    private const int MaximumValues = 8;

    /// <summary>Words with which a clause begins that leads up to the statement.</summary>
    private static readonly FrozenSet<string> s_leading = Lexicon.Words(
        "when if for once after with at since because of out among in on during within to except besides instead although though even while despite unlike as under by knowing given considering");

    /// <summary>Words with which a clause begins that belongs to the one before.</summary>
    private static readonly FrozenSet<string> s_dependent = Lexicon.Words("which who whose where and or but not i nor maybe perhaps possibly as because since if when although though unless");

    /// <summary>The values that the sentence states, in order; null where it states none, or where that is not certain.</summary>
    public static List<ReadAnswer>? Values(List<Token> tokens, bool letters, Budget budget)
    {
        if (TermReader.Read(tokens, letters, budget) is not { } terms)
            return null;
        if (!letters && (Surrender.IsOne(terms) || IsAssumption(terms)))
            return null;
        if (letters)
            WithoutOptionText(terms);
        WithoutSetting(terms);
        if (!Corrections.Apply(terms))
            return null;
        WithoutReason(terms, setOff: letters);
        if (!letters)
        {
            WordArithmetic.Apply(terms, budget);
            WithoutCondition(terms);
            WithoutLeadingClause(terms);
        }

        var stated = letters || !terms.Exists(t => t.Kind == TermKind.Equals) ? All(terms) : Equations.Results(terms);
        if (stated is null || stated.Count is 0 or > MaximumValues)
            return null;

        if (TakesBack(terms))
            return null;
        var values = new List<ReadAnswer>();
        foreach (var (at, isResult) in stated)
        {
            budget.Spend(terms.Count);
            switch (Context.Judge(terms, at, isResult))
            {
                case Judgement.Stated:
                    values.Add(terms[at].Value!);
                    break;
                case Judgement.Doubtful:
                    return null;
                default:
                    break;
            }
        }

        return values.Count == 0 ? null : values;
    }

    /// <summary>Removes the reason behind a value ("7, because 8 would be too many"), whose values are others; where it computes, the result is there.</summary>
    private static void WithoutReason(List<Term> terms, bool setOff)
    {
        var reason = terms.FindIndex(Math.Min(1, terms.Count), t => t.Kind == TermKind.Word && t.Text is "because" or "since");
        if (!setOff && IsPremise(terms, reason))
            return;
        if (setOff && reason < 0)
            reason = terms.FindIndex(1, Math.Max(0, terms.Count - 1), t => t.IsWord("as")) is > 0 and var since && terms[since - 1] is { Kind: TermKind.Boundary, Text: "," } ? since : -1;
        // Between letters only a reason that a comma sets off: "A because B is wrong" may be said of either.
        if (setOff && reason > 0 && terms[reason - 1].Kind != TermKind.Boundary)
            return;
        // "Kai wrote 16, since it is 17" gives the right value as the reason.
        if (reason > 0 && terms.WordAt(reason + 1) == "it" && terms.WordAt(reason + 2) is "is" or "was" && reason + 3 < terms.Count && terms[reason + 3].Kind == TermKind.Value && reason + 5 >= terms.Count
            && terms.FindIndex(0, reason, t => t.Kind == TermKind.Value) >= 0)
            terms.RemoveRange(0, reason + 1);
        else if (reason > 0 && terms.FindIndex(0, reason, t => t.Kind == TermKind.Value) >= 0 && terms.FindIndex(0, reason, t => t.Kind is TermKind.Equals or TermKind.Operator) < 0
            && terms.FindIndex(reason, t => t.Kind == TermKind.Equals) < 0)
            terms.RemoveRange(reason, terms.Count - reason);
    }

    /// <summary>Removes what leads up to a premise in the middle with that premise ("Bill has 6 times as many, and since Harry has 96, Bill has 576"); whether one stands there.</summary>
    private static bool IsPremise(List<Term> terms, int reason)
    {
        if (reason < 2 || !(terms[reason - 1].Text is "and" or "so" or "but" or ";" or "."))
            return false;
        var last = terms.FindLastIndex(t => t.Kind == TermKind.Value);
        if (last <= reason || terms.FindIndex(reason, last - reason, t => t.Kind == TermKind.Value) < 0 && terms.FindIndex(reason, last - reason, t => t.Kind == TermKind.Boundary) < 0)
            return false;
        terms.RemoveRange(0, reason);
        return true;
    }

    /// <summary>Whether the text only gives a name a value to go on with ("Let x = 7").</summary>
    private static bool IsAssumption(List<Term> terms) =>
        terms.FindLastIndex(t => t is { Kind: TermKind.Word, Text: "let" }) is >= 0 and var let && terms.FindIndex(let, t => t.Kind == TermKind.Equals) > 0
            && terms.FindIndex(let, t => t.Kind == TermKind.Boundary) < 0;

    /// <summary>Removes the formula of an option behind its letter ("A. $2\sqrt{3}$"), so that what is said of it is said of the letter.</summary>
    private static void WithoutOptionText(List<Term> terms)
    {
        for (var i = terms.Count - 1; i > 0; i--)
        {
            var letter = terms[i - 1].Kind == TermKind.Boundary ? i - 2 : i - 1;
            if (letter >= 0 && terms[letter].Value?.Node?.Kind == NodeKind.Choice && terms[i] is { IsFormula: true, Value.Node: { Kind: not (NodeKind.Choice or NodeKind.Symbol) } })
                terms.RemoveRange(letter + 1, i - letter);
        }
    }

    /// <summary>Removes the value that a variable is given where something else is stated ("Substituting x = 2 gives 7", "the value at x = 3 is 7").</summary>
    private static void WithoutSetting(List<Term> terms)
    {
        var equals = terms.FindLastIndex(t => t.Kind == TermKind.Equals);
        if (equals < 2 || equals + 1 >= terms.Count || terms[equals - 1] is not { Kind: TermKind.Word, Text.Length: 1 } || terms[equals + 1].Kind != TermKind.Value
            || terms.FindIndex(equals + 2, t => t.Kind == TermKind.Operator) >= 0)
            return;
        var gives = terms[equals - 2].Text is "substituting" or "setting" or "putting" or "taking";
        var later = terms.FindIndex(equals + 2, t => t.Kind == TermKind.Value);
        var stands = later < 0
            ? terms[equals - 2].Text == "at" && terms.FindIndex(0, equals, t => t.Kind == TermKind.Value) >= 0
            : (gives || (equals > 2 && terms[equals - 2].Text is "at" or "with" or "where" or "for")) && terms.FindIndex(equals + 2, later - equals - 2, t => t.Kind == TermKind.Word) >= 0;
        if (stands)
            terms.RemoveRange(equals - 1, 3);
    }

    /// <summary>Removes a condition before the statement ("When x is 3, the value is 7").</summary>
    private static void WithoutCondition(List<Term> terms)
    {
        if (terms is [{ Kind: TermKind.Word, Text: "so" or "and" or "then" or "thus" or "but" or "also" or "now" }, { Kind: TermKind.Word } next, ..] && s_leading.Contains(next.Text))
            terms.RemoveAt(0);
        if (terms.Count == 0 || terms[0].Kind != TermKind.Word || !(s_leading.Contains(terms[0].Text) || IsParticiple(terms[0].Text)) || Qualifiers.Computed.Contains(terms.WordAt(1)))
            return;
        for (var i = terms.FindLastIndex(t => t.Kind == TermKind.Value) - 1; i > 0 && terms.FindIndex(0, i, t => t.Kind == TermKind.Value) >= 0; i--)
        {
            if (terms[i] is not { Kind: TermKind.Boundary, Text: "," } || i + 2 >= terms.Count)
                continue;
            var isValue = terms[i + 1].Kind == TermKind.Value;
            var opens = isValue
                ? (terms[i - 1].Kind == TermKind.Word || terms[0].Text is "out" or "of" or "among") && (terms[i + 1].HasUnit || terms[i + 2].Kind == TermKind.Word)
                : terms[i + 1].Kind == TermKind.Word && !s_dependent.Contains(terms[i + 1].Text) && (terms[i + 1].Text != "that" || terms[i + 2].Text is "means" or "brings" or "makes" or "is" or "leaves");
            if (opens)
            {
                terms.RemoveRange(0, isValue ? i : i + 1);
                return;
            }
        }
    }

    private static bool IsParticiple(string word) => !Qualifiers.Erring.Contains(word) && !Lexicon.Exclusions.Contains(word) && !Qualifiers.Approximating.Contains(word) && word.Length > 4 && word.EndsWith("ing", StringComparison.Ordinal) && word is not ("nothing" or "anything" or "something" or "everything" or "during" or "including" or "excluding" or "assuming" or "supposing");

    /// <summary>Removes a clause that leads up to the statement without a comma ("Since he got 4 cents back it cost 131 cents"): the last value has a verb of its own.</summary>
    private static void WithoutLeadingClause(List<Term> terms)
    {
        if (terms[0].Kind != TermKind.Word || !(terms[0].Text is "since" or "after" or "when" or "if" or "because" or "as" or "once" or "having" or "to" or "for" or "with" or "at") || terms.Exists(t => t.Text is "would" or "could" or "might" or "had"))
            return;
        var last = terms.FindLastIndex(t => t.Kind == TermKind.Value);
        var before = last < 1 ? -1 : terms.FindLastIndex(last - 1, t => t.Kind == TermKind.Value);
        if (before < 1 || terms.FindIndex(before, last - before, t => t.Kind != TermKind.Word && t.Kind != TermKind.Value) >= 0)
            return;
        var verb = last - 1;
        while (verb > before && !Lexicon.Copulas.Contains(terms[verb].Text) && !Lexicon.Verbs.Contains(terms[verb].Text) && !Lexicon.ResultVerbs.Contains(terms[verb].Text))
            verb--;
        if (verb > before + 1 && last - verb <= 4)
            terms.RemoveRange(0, before + 1);
    }

    /// <summary>Whether a short sentence without a value at the end takes back what was said ("48. Or not.").</summary>
    private static bool TakesBack(List<Term> terms)
    {
        var objection = terms.FindIndex(terms.FindLastIndex(t => t.Kind == TermKind.Value) + 1, t => t.Kind == TermKind.Word
            && t.Text is "but" or "however" or "though" or "although" or "yet");
        if (objection >= 0 && terms.FindIndex(objection, t => Lexicon.Dismissals.Contains(t.Text)
            || t.Text is "mistaken" or "mistake" or "error" or "overcounts" or "undercounts" or "overestimates" or "underestimates" or "double" or "guess" or "guessing" or "quote" or "unsure" or "disagree" or "doubt" or "rough" or "estimate") >= 0)
            return true;
        // "48, but not quite"; "45 liters, but it is not full" tells more of the story.
        var not = objection < 0 ? -1 : terms.FindIndex(objection, t => t.IsWord("not"));
        if (not >= 0 && (not + 1 == terms.Count || terms[not + 1].Kind == TermKind.Boundary || not - objection == 1
            || terms.FindIndex(not, Math.Min(4, terms.Count - not), t => Lexicon.Answers.Contains(t.Text) || Lexicon.Fitness.Contains(t.Text) || t.Text is "sure" or "certain"
                or "right" or "correct" or "it" or "exactly" or "quite" or "really" or "possible" or "allowed" or "valid" or "what" or "true" or "agree" or "necessarily") >= 0))
            return true;
        var last = terms.FindLastIndex(t => t.Kind is TermKind.Boundary && t.Text is "." or "," or "(" or "…");
        var value = terms.FindLastIndex(t => t.Kind == TermKind.Value);
        var first = last + 1 < terms.Count ? terms[last + 1].Text : "";
        if (last > value && terms[last].Text == "," && terms.Count > last + 2 && first is "not" or "no")
            return false;
        return last > value && terms.Count - last is > 1 and <= 4
            && terms.FindIndex(last, t => t.Kind == TermKind.Word && (Lexicon.Doubts.Contains(t.Text) || Lexicon.Faults.Contains(t.Text) || t.Text is "not" or "no" or "or")) >= 0;
    }

    /// <summary>All values but names beside others, numbers of steps, and conditions; null where a computation has no result.</summary>
    private static List<(int At, bool IsResult)>? All(List<Term> terms)
    {
        if (terms.Exists(t => t.Kind == TermKind.Operator && t.Text is not "&"))
            return null;
        var places = new List<(int, bool)>();
        for (var i = 0; i < terms.Count; i++)
        {
            if (terms[i].Kind == TermKind.Value)
                places.Add((i, false));
        }

        if (places.Count < 2)
            return places;
        // "Find the number of bags: 35"
        if (places[^1].Item1 == terms.Count - 1 && terms[^2] is { Kind: TermKind.Boundary, Text: ":" } && terms.Exists(t => t.Text is "find" or "finds" or "calculate" or "compute" or "determine" or "get" or "total" or "answer" or "result"))
            return [places[^1]];
        var named = places.RemoveAll(p => IsAside(terms, p.Item1));
        if (named > 0 && places.Count == 0)
            return null;
        Roles.Reduce(terms, places);
        return places;
    }

    private static bool IsAside(List<Term> terms, int at)
    {
        var before = at > 0 && terms[at - 1].Kind == TermKind.Word ? terms[at - 1].Text : "";
        if (Qualifiers.Counters.Contains(before))
            return true;
        if (!terms[at].IsFormula || terms[at].Value!.Node is not { } node)
            return false;
        return IsName(node) || (node.Kind == NodeKind.Relation && Lexicon.Conditions.Contains(before));
    }

    /// <summary>A variable, or another name for what the sentence speaks of.</summary>
    private static bool IsName(Node node) => node.Kind is NodeKind.Symbol or NodeKind.Choice
        || (node.Kind == NodeKind.Function && (node.Name.StartsWith("call ", StringComparison.Ordinal) || node.Name.StartsWith("mark ", StringComparison.Ordinal)));
}
