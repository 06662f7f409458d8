using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>Words that confirm what a sentence reports, so that only what is reported is left: "the claim that it is 24 is true", "Tom says it is 24, and he is right".</summary>
internal static class Affirmations
{
    private static readonly FrozenSet<string> s_claims = Lexicon.Words(
        "claim statement assertion idea guess suggestion conjecture hypothesis belief proposition rumour rumor theory hunch suspicion thought opinion answer conclusion prediction fact");

    private static readonly FrozenSet<string> s_adverbs = Lexicon.Words("indeed quite absolutely entirely perfectly also actually exactly clearly completely certainly definitely in fact of course");

    /// <summary>Removes them with the report that they confirm.</summary>
    public static void Remove(List<Term> terms)
    {
        for (var at = terms.Count - 1; at > 2; at--)
        {
            if (terms[at].Kind != TermKind.Word || !(terms[at].Text is "right" or "correct" or "true" or "accurate" or "valid") || !(at + 1 == terms.Count || terms[at + 1].Kind == TermKind.Boundary))
                continue;
            var verb = at - 1;
            while (verb > 1 && terms[verb].Kind == TermKind.Word && s_adverbs.Contains(terms[verb].Text))
                verb--;
            if (!(terms.WordAt(verb) is "is" or "was" or "are" or "were" or "be"))
                continue;
            if (terms.WordAt(verb) == "be" && terms.WordAt(--verb) != "would")
                continue;
            // The subject of the confirmation: the claim itself, or who made it.
            var start = terms[verb - 1].Kind == TermKind.Value ? verb : Subject(terms, verb);
            var value = start < 0 ? -1 : terms.FindLastIndex(start - 1, t => t.Kind == TermKind.Value);
            if (value < 0 || terms.FindIndex(value + 1, start - value - 1, t => t.Kind != TermKind.Boundary && !t.IsWord("and")) >= 0)
                continue;
            var report = Report(terms, value, isClaim: start == verb);
            // Where several values were reported, the name tells whose is confirmed.
            if (report < 0 || (terms.FindIndex(0, value, t => t.Kind == TermKind.Value) >= 0 && (start == verb || terms[report].Text != terms[start].Text)))
                continue;
            report += terms.WordAt(report + 2) == "that" ? 3 : 2;
            terms.RemoveRange(start, at + 1 - start);
            terms.RemoveRange(0, report);
            return;
        }
    }

    /// <summary>Where the subject before a verb begins: a pronoun or a name behind a boundary or "and"; −1 where another one stands there.</summary>
    private static int Subject(List<Term> terms, int verb)
    {
        var start = verb - 1;
        if (start < 1 || terms[start].Kind != TermKind.Word)
            return -1;
        var isOne = terms[start].Text is "he" or "she" or "they" or "you" or "i" or "that" or "this" or "which" || terms[start].Written is [>= 'A' and <= 'Z', ..];
        return isOne && (terms[start - 1].Kind is TermKind.Boundary || terms[start - 1].IsWord("and")) ? start : -1;
    }

    /// <summary>The place before the last word of report before a value ("the claim that", "Tom says", "you might suspect that"); −1 where nothing is reported, or it is denied.</summary>
    private static int Report(List<Term> terms, int value, bool isClaim)
    {
        if (terms.FindIndex(0, value, t => Lexicon.Negations.Contains(t.Text) || Lexicon.Conditionals.Contains(t.Text) || Lexicon.Faults.Contains(t.Text)) >= 0)
            return -1;
        for (var i = value - 1; i > 0; i--)
        {
            if (isClaim ? s_claims.Contains(terms[i].Text) && terms.WordAt(i + 1) == "that" || (terms[i - 1].IsWord("who") && Qualifiers.Reporting.Contains(terms[i].Text)) : Qualifiers.Reporting.Contains(terms[i].Text))
                return i - 1;
        }

        return -1;
    }
}
