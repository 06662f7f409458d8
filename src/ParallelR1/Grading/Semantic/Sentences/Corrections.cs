namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>
/// What a sentence takes back or makes up for itself: a value that is corrected ("24? No, 42."), contrasted ("not 24 as one might think, but 42")
/// or overtaken by the answer ("24 is half of 48, so the answer is 48"), and denials that deny nothing ("no doubt that", "no more and no less than").
/// </summary>
internal static class Corrections
{
    private static readonly HashSet<string> s_signals = ["no", "wait", "sorry", "oops", "correction", "scratch", "nope", "rather", "actually", "apologies", "hmm"];

    private static readonly HashSet<string> s_correcting =
        ["no", "wait", "sorry", "oops", "correction", "scratch", "nope", "rather", "actually", "apologies", "hmm", "i", "mean", "meant", "make", "that", "it", "is", "should", "be",
            "the", "answer", "to", "was", "must", "my", "mistake", "not", "corrected", "miscounted", "miscalculated", "forgot", "one", "made", "an", "a", "error",
            "let", "me", "recount", "again", "so", "said", "say"];

    private static readonly HashSet<string> s_openers = ["so", "thus", "hence", "therefore", "yet", "but", "then", "and", "whereas", "while", "still"];

    private static readonly HashSet<string> s_determiners = ["the", "our", "my", "final", "correct", "right", "true", "actual", "real", "required", "desired"];

    private static readonly string[][] s_assurances =
    [
        ["there", "is", "no", "doubt", "that"], ["there", "is", "no", "doubt"], ["there", "is", "no", "question", "that"], ["without", "a", "doubt"], ["without", "any", "doubt"],
        ["without", "doubt"], ["beyond", "any", "doubt"], ["beyond", "doubt"], ["no", "doubt"], ["undoubtedly"], ["unquestionably"],
        ["it", "is", "not", "hard", "to", "see", "that"], ["it", "is", "not", "difficult", "to", "see", "that"], ["not", "surprisingly"], ["no", "wonder"],
        ["it", "cannot", "be", "denied", "that"], ["i", "do", "not", "doubt", "that"], ["no", "matter", "what"], ["no", "matter", "how"], ["nobody", "can", "doubt", "that"], ["nobody", "doubts", "that"],
    ];

    /// <summary>Removes what does not count; whether what is left can be read.</summary>
    public static bool Apply(List<Term> terms)
    {
        WithoutAssurance(terms);
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
        var but = terms.FindLastIndex(t => t.IsWord("but"));
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
        if (last < 2 || !terms[last].IsFormula || !terms[last - 1].IsWord("so") && !terms[last - 1].IsWord("then") && !terms[last - 1].IsWord("thus") && !terms[last - 1].IsWord("hence"))
            return;
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
        if (last < 3 || terms[last].Value?.Node?.Kind == NodeKind.Relation || terms.Exists(t => t.Kind is TermKind.Equals or TermKind.Operator))
            return;
        for (var i = last - 1; i > 0 && !IsValue(terms[i]); i--)
        {
            if (terms[i - 1].Kind != TermKind.Boundary || terms[i].Kind != TermKind.Word)
                continue;
            var concludes = terms[i].Text is "so" or "thus" or "hence" or "therefore" or "consequently" && terms.FindIndex(i, last - i, t => t.Kind == TermKind.Word && Lexicon.Verbs.Contains(t.Text)) > 0;
            var objects = terms[i].Text is "but" or "yet" && terms[i + 1].Text is "it" or "that" or "really" or "actually" or "there" or "truly" or "in" && (terms[i + 1].Text != "in" || terms[i + 2].Text is "fact" or "reality" or "truth" or "actuality") && last + 1 == terms.Count
                && (Lexicon.Copulas.Contains(terms[last - 1].Text) || (Lexicon.Fillers.Contains(terms[last - 1].Text) && Lexicon.Copulas.Contains(terms[last - 2].Text)));
            if ((concludes || objects || IsTotal(terms, i, last) || IsContrast(terms, i, last)) && terms.FindIndex(0, i, IsValue) >= 0)
                terms.RemoveRange(0, i + 1);
            return;
        }
    }

    /// <summary>Whether a clause sums up the one before it ("…, which makes 60 in total").</summary>
    private static bool IsTotal(List<Term> terms, int start, int last) =>
        terms[start].Text is "which" or "that" or "this" or "making" or "giving" && last - start <= 5
            && terms.FindIndex(start, last - start, t => t.Text is "makes" or "gives" or "yields" or "totals" or "is" or "amounts" or "comes" or "making" or "giving" or "adds") >= 0
            && (terms.WordAt(last + 1) is "altogether" or "overall" || (terms.WordAt(last + 1) == "in" && terms.WordAt(last + 2) is "total" or "all")
                || terms.FindIndex(start, last - start, t => t.IsWord("total")) >= 0
                || (terms[start].Text == "which" && terms.FindIndex(0, start, t => t.Text is "each" or "every" or "per" or "both" || Qualifiers.Computed.Contains(t.Text)) >= 0));

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
            || terms.FindIndex(0, last, t => t is { Kind: TermKind.Boundary, Text: "," or ";" }) < 0)
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
                || (terms[i].Text is "value" or "number" or "total" or "count" && terms[i - 1].Text is "correct" or "right" or "true" or "actual" or "real");
            if (terms[i].Kind != TermKind.Word || !named || !terms[i + 1].IsWord("is") || !IsValue(terms[i + 2]))
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
