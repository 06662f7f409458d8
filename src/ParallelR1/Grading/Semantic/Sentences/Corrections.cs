using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>
/// What a sentence takes back or makes up for itself: a value that is corrected ("24? No, 42."), contrasted ("not 24 as one might think, but 42")
/// or overtaken by the answer ("24 is half of 48, so the answer is 48"), and denials that deny nothing ("no doubt that", "no more and no less than").
/// </summary>
internal static class Corrections
{
    private static readonly FrozenSet<string> s_exclamations = Lexicon.Words("wait sorry oops whoops hmm correction apologies scratch");

    private static readonly FrozenSet<string> s_changing = FrozenSet.ToFrozenSet([.. Inflections.OfVerbs("climb drop* increase decrease jump change reduce lower raise improve decline tumble soar surge"),
        .. Lexicon.Words("rose risen rises fell falls fallen sank sunk sinks grew grown grows went goes gone cut shrank shrunk")]);

    private static readonly string[][] s_assurances =
    [
        ["there", "is", "no", "doubt", "that"], ["there", "is", "no", "doubt"], ["there", "is", "no", "question", "that"], ["without", "a", "doubt"], ["without", "any", "doubt"],
        ["without", "doubt"], ["beyond", "any", "doubt"], ["beyond", "doubt"], ["no", "doubt"], ["undoubtedly"], ["unquestionably"],
        ["it", "is", "not", "hard", "to", "see", "that"], ["it", "is", "not", "difficult", "to", "see", "that"], ["not", "surprisingly"], ["no", "wonder"],
        ["it", "cannot", "be", "denied", "that"], ["i", "do", "not", "doubt", "that"], ["no", "matter", "what"], ["no", "matter", "how"], ["nobody", "can", "doubt", "that"], ["nobody", "can", "deny", "that"], ["nobody", "doubts", "that"],
        ["it", "is", "not", "until"], ["if", "and", "only", "if"], ["exactly", "when"], ["precisely", "when"],
    ];

    /// <summary>Removes what does not count; whether what is left can be read.</summary>
    public static bool Apply(List<Term> terms)
    {
        WithoutAssurance(terms);
        Affirmations.Remove(terms);
        WithoutTwoBounds(terms);
        WithoutApproximation(terms);
        WithoutExplanation(terms);
        WithoutCorrected(terms);
        WithoutContrast(terms);
        Conclusions.ApplyAnswer(terms);
        WithoutPremise(terms);
        WithoutDeniedTail(terms);
        Conclusions.Apply(terms);
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

    /// <summary>Of "25π (approximately 78.54)" and "25π, or about 78.54" the exact value counts.</summary>
    private static void WithoutApproximation(List<Term> terms)
    {
        var value = terms.FindLastIndex(IsValue);
        var start = value - 1;
        while (start > 0 && terms[start].Kind == TermKind.Word && (terms[start].Text is "or" or "which" or "that" or "is" or "about" || Qualifiers.Approximate.Contains(terms[start].Text)))
            start--;
        if (start < 1 || start == value - 1 || terms[start].Kind != TermKind.Boundary || !IsValue(terms[start - 1]) || !terms[start - 1].IsFormula || !(terms[value - 1].IsWord("about") || Qualifiers.Approximate.Contains(terms[value - 1].Text)))
            return;
        var end = value + 1;
        if (end < terms.Count && terms[end] is { Kind: TermKind.Boundary, Text: ")" })
            end++;
        if (end == terms.Count || terms[end].Kind == TermKind.Boundary)
            terms.RemoveRange(start, end - start);
    }

    /// <summary>Of "84 (12 boxes of 7)" what stands in brackets at the end explains the value.</summary>
    private static void WithoutExplanation(List<Term> terms)
    {
        var open = terms.FindIndex(t => t is { Kind: TermKind.Boundary, Text: "(" });
        if (open < 2 || !IsValue(terms[open - 1]) || terms.FindIndex(open, IsValue) < 0 || terms.FindIndex(open, t => t is { Kind: TermKind.Boundary, Text: ")" }) < terms.Count - 2 || !(terms[^1].Text is ")" or ".")
            || terms.FindIndex(open, t => t.Kind == TermKind.Word && (Lexicon.IsHedge(t.Text) || Lexicon.Conditions.Contains(t.Text) || Qualifiers.Notes.Contains(t.Text))) >= 0)
            return;
        terms.RemoveRange(open, terms.Count - open);
    }

    /// <summary>Of "24. No, wait, that is reversed: it is 42" what stands before the exclamation is gone, whatever it gives as its reason.</summary>
    private static void WithoutCorrected(List<Term> terms)
    {
        for (var i = terms.Count - 1; i > 1; i--)
        {
            if (Interrupts(terms, i) && terms[i - 1].Kind == TermKind.Boundary && terms.FindIndex(0, i, IsValue) >= 0 && terms.FindIndex(i, IsValue) >= 0)
            {
                terms.RemoveRange(0, i + 1);
                return;
            }
        }
    }

    /// <summary>Whether a word breaks off what was said: "wait", "sorry"; "no" and "wrong" where they stand alone.</summary>
    private static bool Interrupts(List<Term> terms, int i) => terms[i].Kind == TermKind.Word && (s_exclamations.Contains(terms[i].Text)
        || (terms[i].Text is "no" or "nope" or "wrong" or "actually" or "rather" && i + 1 < terms.Count && (terms[i + 1].Kind is TermKind.Boundary or TermKind.Value || s_exclamations.Contains(terms[i + 1].Text))));

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

    /// <summary>Of "60, which is less than 100" the tail compares the value with another.</summary>
    private static void WithoutComparison(List<Term> terms)
    {
        for (var i = 2; i + 3 < terms.Count; i++)
        {
            // "34, 4 more than the others", "34, twice as much as the others"
            var tail = terms.FindIndex(i, t => t.Kind == TermKind.Boundary);
            if (terms[i - 1] is { Kind: TermKind.Boundary, Text: "," } && terms.FindIndex(0, i, IsValue) >= 0 && (tail < 0 || terms.FindIndex(tail, IsValue) < 0)
                && (IsValue(terms[i]) && (terms.WordAt(i + 1) is "more" or "less" or "fewer" || terms.WordAt(i + 1).EndsWith("er", StringComparison.Ordinal)) && terms.WordAt(i + 2) == "than" || terms[i].Text is "twice" or "half" or "double" && terms[i + 1].IsWord("as")))
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
}
