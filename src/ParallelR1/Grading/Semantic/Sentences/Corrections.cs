using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>
/// What a sentence takes back or makes up for itself: a value that is corrected ("24? No, 42."), contrasted ("not 24 as one might think, but 42")
/// or overtaken by the answer ("24 is half of 48, so the answer is 48"), and denials that deny nothing ("no doubt that", "no more and no less than").
/// </summary>
internal static class Corrections
{
    private static readonly HashSet<string> s_signals = ["no", "wait", "sorry", "oops", "correction", "scratch", "nope", "rather", "actually", "apologies", "hmm", "wrong"];

    private static readonly HashSet<string> s_correcting =
        ["no", "wait", "sorry", "oops", "correction", "scratch", "nope", "rather", "actually", "apologies", "hmm", "i", "mean", "meant", "make", "that", "it", "is", "should", "be",
            "the", "answer", "to", "was", "must", "my", "mistake", "not", "corrected", "miscounted", "miscalculated", "forgot", "one", "made", "an", "a", "error",
            "wrong", "let", "me", "recount", "again", "so", "said", "say"];

    private static readonly HashSet<string> s_openers = ["so", "thus", "hence", "therefore", "yet", "but", "then", "and", "whereas", "while", "still"];

    private static readonly HashSet<string> s_determiners = ["the", "our", "my", "final", "correct", "right", "true", "actual", "real", "required", "desired"];

    private static readonly FrozenSet<string> s_changing = FrozenSet.ToFrozenSet([.. Inflections.OfVerbs("climb drop* increase decrease jump change reduce lower raise improve decline tumble soar surge"),
        .. Lexicon.Words("rose risen rises fell falls fallen sank sunk sinks grew grown grows went goes gone cut shrank shrunk")]);

    private static readonly string[][] s_assurances =
    [
        ["there", "is", "no", "doubt", "that"], ["there", "is", "no", "doubt"], ["there", "is", "no", "question", "that"], ["without", "a", "doubt"], ["without", "any", "doubt"],
        ["without", "doubt"], ["beyond", "any", "doubt"], ["beyond", "doubt"], ["no", "doubt"], ["undoubtedly"], ["unquestionably"],
        ["it", "is", "not", "hard", "to", "see", "that"], ["it", "is", "not", "difficult", "to", "see", "that"], ["not", "surprisingly"], ["no", "wonder"],
        ["it", "cannot", "be", "denied", "that"], ["i", "do", "not", "doubt", "that"], ["no", "matter", "what"], ["no", "matter", "how"], ["nobody", "can", "doubt", "that"], ["nobody", "doubts", "that"],
        ["it", "is", "not", "until"], ["if", "and", "only", "if"], ["exactly", "when"], ["precisely", "when"],
    ];

    /// <summary>Removes what does not count; whether what is left can be read.</summary>
    public static bool Apply(List<Term> terms)
    {
        WithoutAssurance(terms);
        Affirmations.Remove(terms);
        WithoutTwoBounds(terms);
        WithoutCorrected(terms);
        WithoutContrast(terms);
        WithoutWhatTheAnswerOvertakes(terms);
        WithoutPremise(terms);
        WithoutDeniedTail(terms);
        WithoutWhatAConclusionOvertakes(terms);
        WithoutWhatAResultOvertakes(terms);
        WithoutComparison(terms);
        // A question that nobody answers states nothing.
        return !terms.Exists(t => t is { Kind: TermKind.Boundary, Text: "?" });
    }

    private static bool IsValue(Term term) => term.Kind == TermKind.Value;

    private static void WithoutAssurance(List<Term> terms)
    {
        for (var i = 0; i < terms.Count; i++)
        {
            if (terms[i].Kind != TermKind.Word)
                continue;
            foreach (var words in s_assurances)
            {
                if (words[0] == terms[i].Text && i + words.Length <= terms.Count && Matches(terms, i, words))
                    terms.RemoveRange(i, words.Length);
                if (i >= terms.Count)
                    return;
            }
        }
    }

    private static bool Matches(List<Term> terms, int start, string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!terms[start + i].IsWord(words[i]))
                return false;
        }

        return true;
    }

    /// <summary>Two opposite bounds on one value are that value: "no more and no less than 24", "neither more nor less than 24".</summary>
    private static void WithoutTwoBounds(List<Term> terms)
    {
        var value = terms.FindIndex(IsValue);
        if (value < 3 || !terms[value - 1].IsWord("than"))
            return;
        var start = value;
        bool above = false, below = false;
        var denials = 0;
        while (start > 0 && (terms[start - 1] is { Kind: TermKind.Word, Text: "no" or "not" or "neither" or "nor" or "more" or "greater" or "less" or "fewer" or "and" or "or" or "than" }
            or { Kind: TermKind.Boundary, Text: "," }))
        {
            var word = terms[--start].Text;
            above |= word is "more" or "greater";
            below |= word is "less" or "fewer";
            denials += word is "no" or "not" or "neither" or "nor" ? 1 : 0;
        }

        if (above && below && denials >= 2)
            terms.RemoveRange(start, value - start);
    }

    private static void WithoutCorrected(List<Term> terms)
    {
        for (var i = terms.Count - 1; i > 1; i--)
        {
            if (!IsValue(terms[i]))
                continue;
            var start = i;
            var signal = false;
            while (start > 0 && (terms[start - 1].Kind == TermKind.Boundary || (terms[start - 1].Kind == TermKind.Word && s_correcting.Contains(terms[start - 1].Text))))
            {
                start--;
                signal |= terms[start].Kind == TermKind.Word && s_signals.Contains(terms[start].Text)
                    && (terms[start].Text is not ("no" or "actually" or "rather") || (start > 0 && terms[start - 1].Kind == TermKind.Boundary));
            }

            if (signal && start > 0 && terms[start].Kind == TermKind.Boundary && terms.FindIndex(0, start, IsValue) >= 0)
            {
                terms.RemoveRange(0, i);
                return;
            }
        }
    }

    private static void WithoutContrast(List<Term> terms)
    {
        // "More than half of the 120 guests, 60 to be exact, ordered it"
        var exact = terms.FindIndex(t => t.Text is "exact" or "precise");
        if (exact > 2 && terms[exact - 1].IsWord("be") && terms[exact - 2].IsWord("to"))
        {
            var value = terms.FindLastIndex(exact, IsValue);
            if (value > exact - 5 && value > 0 && terms.FindIndex(0, value, IsValue) >= 0)
            {
                terms.RemoveRange(value + 1, terms.Count - value - 1);
                terms.RemoveRange(0, value);
                return;
            }
        }

        // "It sank from 6 degrees to 60 degrees"
        var from = terms.FindIndex(t => t.IsWord("from"));
        if (from > 0 && from + 3 < terms.Count && IsValue(terms[from + 1]) && terms[from + 2].IsWord("to") && IsValue(terms[from + 3])
            && terms.FindIndex(0, from, t => t.Kind == TermKind.Word && s_changing.Contains(t.Text)) >= 0 && terms.FindIndex(0, from, IsValue) < 0)
        {
            terms.RemoveRange(from, 3);
            return;
        }

        // "For 5/8 read 3/8", "the printed 5/8 should be 3/8", "5/8 has been corrected to 3/8"
        var last = terms.FindLastIndex(IsValue);
        if (last > 2 && last + 2 >= terms.Count && terms.FindIndex(0, last, IsValue) is >= 0 and var first && terms.FindIndex(first, last - first, t => t.Kind == TermKind.Boundary) < 0
            && ((terms[last - 1].IsWord("read") && (first > 0 && terms[first - 1].IsWord("for") || terms[last - 2].IsWord("should"))) || (terms[last - 2].IsWord("should") && terms[last - 1].Text is "be" or "say")
                || (terms[last - 1].IsWord("to") && terms[last - 2].Text is "corrected" or "revised" or "amended")))
        {
            terms.RemoveRange(0, last);
            return;
        }

        var but = terms.FindLastIndex(t => t.IsWord("but"));
        // "Neither 3 nor 5 but 60"
        if (but > 2 && but + 1 < terms.Count && IsValue(terms[but + 1]) && IsValue(terms[but - 1]) && terms.FindIndex(0, but, t => t.Text is "neither" or "nor") >= 0)
        {
            terms.RemoveRange(0, but + 1);
            return;
        }

        // "Had they known they would have paid less, but the family paid 60"
        if (but > 2 && terms[but - 1].Kind == TermKind.Boundary && terms.FindIndex(0, but, IsValue) < 0 && terms.FindIndex(but, IsValue) > 0 && terms[0].Text is "had" or "were" or "if"
            && terms.FindIndex(0, but, t => t.IsWord("would")) > 0)
        {
            terms.RemoveRange(0, but + 1);
            return;
        }

        if (but < 2 || but + 1 >= terms.Count || terms.FindIndex(but, IsValue) < 0 || terms[but - 1].Kind != TermKind.Boundary)
            return;
        var denied = terms.FindIndex(0, but, IsValue);
        if (denied > 0 && terms[denied - 1].IsWord("not"))
            terms.RemoveRange(0, but + 1);
    }

    /// <summary>Of "<c>$x + 1 = 15$, so $x = 14$</c>" the equation is the premise.</summary>
    private static void WithoutPremise(List<Term> terms)
    {
        var last = terms.FindLastIndex(IsValue);
        if (last < 2 || !terms[last].IsFormula || terms[last - 1].Text is not ("so" or "then" or "thus" or "hence" or "infer" or "deduce" or "conclude" or "obtain" or "get"))
            return;
        if (terms[0].Text is "from" or "since" or "given" or "with")
        {
            terms.RemoveRange(0, last);
            return;
        }

        var premises = terms.FindIndex(0, last, t => IsValue(t) && !(t.Value!.Node is { Kind: NodeKind.Relation } node && node.Items[0].Kind != NodeKind.Symbol));
        if (premises < 0 && terms.FindIndex(0, last, IsValue) >= 0)
            terms.RemoveRange(0, last);
    }

    /// <summary>Of "60, not 70 as I first thought" the tail denies another value.</summary>
    private static void WithoutDeniedTail(List<Term> terms)
    {
        for (var i = 2; i + 1 < terms.Count; i++)
        {
            if (!terms[i].IsWord("not") || terms[i - 1].Kind != TermKind.Boundary || !IsValue(terms[i - 2]) || !IsValue(terms[i + 1]))
                continue;
            if (i + 2 < terms.Count && terms.FindIndex(i + 2, t => IsValue(t) || t.Text is "but" or "only") < 0 && terms[i + 2].Text is "as" or "like")
                terms.RemoveRange(i - 1, terms.Count - i + 1);
            return;
        }
    }

    /// <summary>Of "half of it is 30, so it is 60" and "my friend says 50, but it is 60" the first clause leads up to the second.</summary>
    private static void WithoutWhatAConclusionOvertakes(List<Term> terms)
    {
        var last = terms.FindLastIndex(IsValue);
        if (last < 3 || terms.Exists(t => t.Kind is TermKind.Equals or TermKind.Operator))
            return;
        // "The book gives 50, but 60 is correct"
        if ((terms[last - 1].Kind == TermKind.Boundary || terms[last - 1].IsWord("but")) && terms.WordAt(last + 1) == "is" && terms.FindIndex(0, last, IsValue) >= 0
            && (terms.WordAt(last + 2) is "correct" or "right" || (terms.WordAt(last + 2) == "the" && terms.FindIndex(last, Math.Min(6, terms.Count - last), t => t.IsWord("answer")) > 0)))
        {
            terms.RemoveRange(0, last);
            return;
        }

        for (var i = last - 1; i > 0 && !IsValue(terms[i]); i--)
        {
            if (terms[i].Kind != TermKind.Word || (terms[i - 1].Kind != TermKind.Boundary && !JoinsConclusion(terms, i)))
                continue;
            if (terms.FindIndex(0, i, IsValue) >= 0 && (Concludes(terms, terms[i].Text is "and" or "but" ? i + 1 : i, last) || IsSettled(terms, i, last) || IsTotal(terms, i, last) || IsContrast(terms, i, last)))
                terms.RemoveRange(0, i + 1 == last && terms[i].Text is "so" or "thus" ? i : i + 1);
            else if (IsPlainStatement(terms, i, last) && terms.FindIndex(0, i, IsValue) >= 0)
                terms.RemoveRange(0, i);
            return;
        }
    }

    /// <summary>Whether a word joins a conclusion without a comma ("… and now she has 60", "she needs 90 and has 30 so she must buy 60", "… for a total of 60").</summary>
    private static bool JoinsConclusion(List<Term> terms, int i) => terms[i].Text switch
    {
        "and" => terms.WordAt(i + 1) is "so" or "now" or "thus" or "therefore",
        "so" => !IsDegree(terms.WordAt(i + 1)),
        "then" => terms[0].Text is "if" or "when" or "since",
        "for" => terms.WordAt(i + 1) == "a" && terms.WordAt(i + 2) is "total" or "combined",
        _ => false,
    };

    /// <summary>Whether "so" before the word says how much ("so many").</summary>
    private static bool IsDegree(string word) => word is "many" or "much" or "far" or "few" or "long" or "as" or "small" or "large" or "big" or "is";

    /// <summary>Whether a clause draws the conclusion from what stands before it ("so it is 60", "which means it holds 60").</summary>
    private static bool Concludes(List<Term> terms, int start, int last) =>
        (terms.WordAt(start) is "so" or "thus" or "hence" or "therefore" or "consequently" or "then" && !IsDegree(terms.WordAt(start + 1)))
            || terms.WordAt(start) is "meaning" or "namely" || (terms.WordAt(start) == "e" && terms.WordAt(start - 2) == "i") || (start + 2 == last || start + 3 == last && terms[last - 1].Kind == TermKind.Boundary) && (terms.WordAt(start), terms.WordAt(start + 1)) is ("that", "is") || (terms.WordAt(start), terms.WordAt(start + 1)) is ("which", "means");

    /// <summary>Whether the last step of a story tells what is left or comes out ("…, leaving 60", "…, and now she has 60", "…, for a total of 60").</summary>
    private static bool IsSettled(List<Term> terms, int start, int last) =>
        (terms[start].IsWord("a") && terms.WordAt(start + 1) == "total") || start + 1 == last && terms[start].Text is "making" or "leaving" or "giving" or "yielding" or "totaling"
        || terms[start].Text is "and" or "then" or "which" or "leaving" or "now" or "finally" or "for"
            && terms.FindIndex(start, t => t.Kind == TermKind.Word && t.Text is "now" or "leaving" or "leaves" or "left" or "remain" or "remains" or "finally" or "altogether" or "total" or "end") >= 0
            && terms.FindIndex(start, last - start, t => t.Text is "would" or "was" or "were" or "not") < 0;

    /// <summary>Whether the last clause only states its value ("…; it is 60", "…, but it is 60"), so that the one before may say anything of another.</summary>
    private static bool IsPlainStatement(List<Term> terms, int start, int last)
    {
        if (last + 1 < terms.Count && terms[last + 1].Kind != TermKind.Boundary)
            return false;
        var contrasts = terms[start].Text is "but" or "yet";
        var at = contrasts || terms[start].Text is "then" or "so" or "and" ? start + 1 : start;
        if (terms.WordAt(at) == "in" && terms.WordAt(at + 1) is "fact" or "reality" or "truth")
            at += 2;
        while (terms.WordAt(at) is "really" or "actually" or "truly")
            at++;
        // "First I got 50, but after checking again I get 60"
        if (contrasts && terms.WordAt(last - 1) is "get" or "got" or "find" or "found" && terms.WordAt(last - 2) is "i" or "we" or "now")
            return true;
        if (terms.WordAt(at) == "with" && terms.WordAt(at + 1) == "it")
            at += 2;
        if (terms.WordAt(at) is "the" or "our" && at + 2 < last)
        {
            at++;
            while (s_determiners.Contains(terms.WordAt(at)) || terms.WordAt(at) is "exact" or "precise")
                at++;
            if (!Qualifiers.Quantities.Contains(terms.WordAt(at)))
                return false;
        }
        else if (terms.WordAt(at) is not ("it" or "that" or "there"))
            return false;
        for (var i = at + 1; i < last; i++)
        {
            if (!(terms.WordAt(i) is "should" or "must" or "has" or "to" or "really" || Lexicon.Copulas.Contains(terms.WordAt(i)) || Lexicon.Fillers.Contains(terms.WordAt(i))))
                return false;
        }

        return last > at + 1 && (contrasts || terms[start - 1].Text is ";" or "." || terms.FindIndex(0, start, t => Qualifiers.Faulty.Contains(t.Text) || Qualifiers.Erring.Contains(t.Text) || t.Text is "flipped" or "swapped" or "strike" or "scratch") >= 0);
    }

    /// <summary>Whether a clause sums up the one before it ("…, which makes 60 in total").</summary>
    private static bool IsTotal(List<Term> terms, int start, int last) =>
        terms[start].Text is "which" or "that" or "this" or "making" or "giving" && last - start <= 5
            && terms.FindIndex(start, last - start, t => t.Text is "makes" or "gives" or "yields" or "totals" or "is" or "amounts" or "comes" or "making" or "giving" or "adds") >= 0
            && (terms.WordAt(last + 1) is "altogether" or "overall" || (terms.WordAt(last + 1) == "in" && terms.WordAt(last + 2) is "total" or "all")
                || terms.FindIndex(start, last - start, t => t.IsWord("total")) >= 0
                || (terms[start].Text == "which" && terms.FindIndex(0, start, t => t.Text is "each" or "every" or "per" or "both" or "times" or "fewer" or "less" or "more" or "twice" or "half" or "%" || Qualifiers.Computed.Contains(t.Text)) >= 0));

    /// <summary>Whether a clause says what is, after one that says what was or would be ("Without the discount it was 80; with it the price is 60").</summary>
    private static bool IsContrast(List<Term> terms, int start, int last)
    {
        var opens = terms[start].Text is "now" or "today" or "nowadays" or "afterwards" or "afterward"
            || (terms[start].Text is "with" or "without" or "after" && terms.WordAt(start + 1) is "it" or "that" or "them");
        return opens && terms.FindIndex(0, start, t => t.Kind == TermKind.Word && t.Text is "was" or "were" or "would" or "had" or "cost" or "used" or "been") > 0
            && terms.FindIndex(start, last - start, t => t.Kind == TermKind.Word && t.Text is "is" or "are" or "costs" or "has" or "have" or "pays" or "becomes" or "makes") > 0;
    }

    /// <summary>Of "each row holds 12, and with 7 rows that comes to 84" and "4 squared is 16, and adding 20 we get 36" the last value is what the others lead to.</summary>
    private static void WithoutWhatAResultOvertakes(List<Term> terms)
    {
        var last = terms.FindLastIndex(IsValue);
        if (last < 5 || terms.Exists(t => t.Kind is TermKind.Equals or TermKind.Operator || Lexicon.Answers.Contains(t.Text)) || terms.FindIndex(last, t => t.Kind == TermKind.Boundary) >= 0
            || (terms.FindIndex(0, last, t => t is { Kind: TermKind.Boundary, Text: "," or ";" }) < 0 && !terms.Exists(t => t.IsWord("and"))))
            return;
        var verb = last - 1;
        while (verb > 2 && terms[verb].Kind == TermKind.Word && Lexicon.Fillers.Contains(terms[verb].Text))
            verb--;
        if (terms.WordAt(verb) is "to" or "at" or "with")
            verb -= terms.WordAt(verb - 1) == "up" ? 2 : 1;
        if (verb < 2)
            return;
        var subject = terms.WordAt(verb - 1);
        var sums = terms.WordAt(verb) is "comes" or "adds" or "amounts" or "makes" or "gives" or "totals" && subject is "that" or "this" or "it"
            && (terms[verb - 2].Kind is TermKind.Boundary or TermKind.Value || terms[verb - 2].Text is "and" or "so" or "then" or "altogether");
        var reaches = terms.WordAt(verb) is "get" or "obtain" or "arrive" or "reach" or "find" or "end" && subject is "we" or "you" or "i" && !terms.Exists(t => t.Text is "if" or "would" or "could" or "might" or "first");
        // "It was 30, and doubling it gives 60"
        if (terms.WordAt(verb) is "gives" or "yields" or "makes" && subject is "it" or "that" or "this" or "them" && Qualifiers.WorkInProgress.Contains(terms.WordAt(verb - 2)) && terms.FindIndex(0, verb - 2, IsValue) >= 0)
            terms.RemoveRange(0, verb);
        else if ((sums || reaches) && terms.FindIndex(0, verb - 1, IsValue) >= 0)
            terms.RemoveRange(0, verb - 1);
    }

    /// <summary>Of "60, which is less than 100" the tail compares the value with another.</summary>
    private static void WithoutComparison(List<Term> terms)
    {
        for (var i = 2; i + 3 < terms.Count; i++)
        {
            // "34, 4 more than the others", "34, twice as much as the others"
            var tail = terms.FindIndex(i, t => t.Kind == TermKind.Boundary);
            if (terms[i - 1] is { Kind: TermKind.Boundary, Text: "," } && terms.FindIndex(0, i, IsValue) >= 0 && (tail < 0 || terms.FindIndex(tail, IsValue) < 0)
                && (IsValue(terms[i]) && terms.WordAt(i + 1) is "more" or "less" or "fewer" && terms.WordAt(i + 2) == "than" || terms[i].Text is "twice" or "half" or "double" && terms[i + 1].IsWord("as")))
            {
                terms.RemoveRange(i - 1, terms.Count - i + 1);
                return;
            }

            if (!terms[i].IsWord("which") || terms[i - 1].Kind != TermKind.Boundary || terms[i + 1].Text is not ("is" or "are" or "was" or "does" or "exceeds")
                || terms.FindIndex(0, i, IsValue) < 0)
                continue;
            var than = terms.FindIndex(i, Math.Min(6, terms.Count - i), t => t.Text is "than" or "exceed" or "exceeds" or "above" or "below" or "under" or "over");
            var value = terms.FindIndex(i, IsValue);
            if (than > 0 && value == than + 1 && terms.FindIndex(value + 1, IsValue) < 0)
                terms.RemoveRange(i - 1, terms.Count - i + 1);
            return;
        }
    }

    private static void WithoutWhatTheAnswerOvertakes(List<Term> terms)
    {
        for (var i = terms.Count - 3; i > 1; i--)
        {
            var named = Lexicon.Answers.Contains(terms[i].Text)
                || (terms[i].Text is "value" or "number" or "total" or "count" && terms[i - 1].Text is "exact" or "correct" or "right" or "true" or "actual" or "real");
            if (terms[i].Kind != TermKind.Word || !named || !terms[i + 1].IsWord("is"))
                continue;
            var value = i + 2;
            while (value + 1 < terms.Count && Lexicon.Fillers.Contains(terms.WordAt(value)))
                value++;
            if (!IsValue(terms[value]))
                continue;
            var start = i;
            while (start > 0 && terms[start - 1].Kind == TermKind.Word && (s_determiners.Contains(terms[start - 1].Text) || s_openers.Contains(terms[start - 1].Text)))
                start--;
            var opens = start > 0 && (terms[start - 1].Kind == TermKind.Boundary || s_openers.Contains(terms[start].Text));
            if (opens && terms.FindIndex(0, start, IsValue) >= 0)
            {
                terms.RemoveRange(0, start);
                return;
            }
        }
    }
}
