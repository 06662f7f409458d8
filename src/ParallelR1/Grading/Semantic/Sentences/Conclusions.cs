namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>The last step of a story or an argument, which counts before those that lead to it: "half of it is 30, so it is 60", "24 is half of 48, so the answer is 48".</summary>
internal static class Conclusions
{
    private static readonly HashSet<string> s_openers = ["so", "thus", "hence", "therefore", "yet", "but", "then", "and", "whereas", "while", "still"];

    private static readonly HashSet<string> s_determiners = ["the", "our", "my", "final", "correct", "right", "true", "actual", "real", "required", "desired"];

    /// <summary>Removes what leads up to a conclusion or a result.</summary>
    public static void Apply(List<Term> terms)
    {
        WithoutWhatAConclusionOvertakes(terms);
        WithoutWhatAResultOvertakes(terms);
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
            else
                continue;
            return;
        }
    }

    /// <summary>Whether a word joins a conclusion without a comma ("… and now she has 60", "she needs 90 and has 30 so she must buy 60", "… for a total of 60").</summary>
    private static bool JoinsConclusion(List<Term> terms, int i) => terms[i].Text switch
    {
        "and" => terms.WordAt(i + 1) is "so" or "now" or "thus" or "therefore",
        "so" => !IsDegree(terms.WordAt(i + 1)),
        "then" => terms[0].Text is "if" or "when" or "since",
        "for" or "or" => terms.WordAt(i + 1) is "a" or "an" && (terms.WordAt(i + 2) is "total" or "combined" or "additional" or "extra" || Lexicon.Measures.Contains(terms.WordAt(i + 2)) && terms.WordAt(i + 3) == "of"),
        "leaving" or "making" or "bringing" or "giving" or "totaling" or "earning" or "costing" or "taking" or "increasing" or "reducing" or "raising" => terms[i - 1].Kind == TermKind.Value
            || terms[i].IsWord("leaving") && terms.WordAt(i + 1) is "him" or "her" or "them" or "it" or "us",
        "means" or "meaning" => terms.WordAt(i + 1) is "that" or "he" or "she" or "they" or "it" or "there" or "we",
        "which" => terms.WordAt(i + 1) is "means" or "leaves" or "makes" or "gives" or "totals" or "brings",
        "to" => terms.WordAt(i + 1) is "reach" or "get" && terms.WordAt(i + 2) is "a" or "to",
        _ => false,
    };

    /// <summary>Whether "so" before the word says how much ("so many").</summary>
    public static bool IsDegree(string word) => word is "many" or "much" or "far" or "few" or "long" or "as" or "small" or "large" or "big" or "is";

    /// <summary>Whether a clause draws the conclusion from what stands before it ("so it is 60", "which means it holds 60").</summary>
    private static bool Concludes(List<Term> terms, int start, int last) =>
        (terms.WordAt(start) is "so" or "thus" or "hence" or "therefore" or "consequently" or "then" && !IsDegree(terms.WordAt(start + 1)))
            || terms.WordAt(start) is "meaning" or "means" or "namely" || (terms.WordAt(start) == "e" && terms.WordAt(start - 2) == "i") || (start + 2 == last || start + 3 == last && terms[last - 1].Kind == TermKind.Boundary) && (terms.WordAt(start), terms.WordAt(start + 1)) is ("that", "is") || (terms.WordAt(start), terms.WordAt(start + 1)) is ("which", "means");

    /// <summary>Whether the last step of a story tells what is left or comes out ("…, leaving 60", "…, and now she has 60", "…, for a total of 60").</summary>
    private static bool IsSettled(List<Term> terms, int start, int last) =>
        IsOutcome(terms, start, last) || (terms[start].IsWord("a") && terms.WordAt(start + 1) == "total") || start + 1 == last && terms[start].Text is "making" or "leaving" or "giving" or "yielding" or "totaling"
        || terms[start].Text is "and" or "then" or "which" or "leaving" or "now" or "finally" or "for"
            && terms.FindIndex(start, t => t.Kind == TermKind.Word && t.Text is "now" or "leaving" or "leaves" or "left" or "remain" or "remains" or "finally" or "altogether" or "total" or "end") >= 0
            && terms.FindIndex(start, last - start, t => t.Text is "would" or "was" or "were" or "not") < 0;

    /// <summary>Whether the last value is what something comes to ("…, bringing the weight to 60", "… for a distance of 60", "… to reach a height of 60").</summary>
    private static bool IsOutcome(List<Term> terms, int start, int last) => last - start <= 6 && terms.WordAt(last + 1) is not ("more" or "less" or "fewer" or "times")
        && ((terms[start].Text is "bringing" or "increasing" or "reducing" or "raising" && terms[last - 1].IsWord("to")) || (terms[start].Text is "for" or "or" or "to" or "taking" && (terms[last - 1].IsWord("of") && Lexicon.Measures.Contains(terms.WordAt(last - 2)) || terms[last - 1].Text is "additional" or "extra" && terms[start].IsWord("for")))
            || (terms[start].IsWord("for") && start + 1 == last && terms[start - 1].Kind == TermKind.Boundary)
            || (terms[start].Text is "leaving" or "making" or "giving" or "totaling" or "earning" or "costing" && terms.FindIndex(start, last - start, t => t.Text is "not" or "about") < 0) || (terms[start].IsWord("which") && terms.WordAt(start + 1) is "leaves" or "makes" or "gives" or "totals"));

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

        return last > at + 1 && (contrasts || terms[start - 1].Text is ";" or "." || terms.FindIndex(1, start - 1, t => Qualifiers.Faulty.Contains(t.Text) || Qualifiers.Erring.Contains(t.Text) || t.Text is "flipped" or "swapped" or "strike" or "scratch") >= 0);
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

    /// <summary>Removes what stands before a clause that says what the answer is.</summary>
    public static void ApplyAnswer(List<Term> terms)
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

    private static bool IsValue(Term term) => term.Kind == TermKind.Value;
}
