namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>A value that an insertion or a qualifier behind it changes.</summary>
internal static class Alterations
{
    /// <summary>Whether an insertion between commas changes the value ("The answer, squared, is 60", "it is, roughly, 60").</summary>
    public static bool IsInserted(List<Term> terms, int at)
    {
        var end = at - 1;
        while (end > 0 && terms[end].Kind == TermKind.Word && (Lexicon.Copulas.Contains(terms[end].Text) || terms[end].Text is "reads" or "gives" or "comes" or "to" or "yields" or "makes"))
            end--;
        if (end < 2 || terms[end] is not { Kind: TermKind.Boundary, Text: "," or ")" })
            return false;
        for (var i = end - 1; i > 0 && i >= end - 5 && terms[i].Kind is TermKind.Word or TermKind.Boundary; i--)
        {
            if (terms[i].Kind == TermKind.Boundary)
                return terms[i].Text is "," or "(" && terms.FindIndex(i + 1, end - i - 1, t => Qualifiers.Notes.Contains(t.Text) || Qualifiers.Approximate.Contains(t.Text)
                    || (end - i == 2 && (Lexicon.Before.Contains(t.Text) || Lexicon.BeforeNumber.Contains(t.Text) || Qualifiers.Computed.Contains(t.Text) || Qualifiers.Likely.Contains(t.Text)))) >= 0;
        }

        return false;
    }

    /// <summary>Whether what stands behind a value changes its sign or its digits ("60 with a different sign", "60 with its digits reversed", "60 read backwards").</summary>
    public static bool IsAltered(List<Term> terms, int at, string[] right)
    {
        if (terms[at].HasUnit)
            return false;
        if (right is ["upside", "down", ..] or ["in", "reverse", ..] or ["read" or "written" or "spelled", "backward" or "backwards", ..])
            return true;
        if (right.At(0) is not ("with" or "but" or "after" or "only" or "without" or "once" or "when" or "if"))
            return false;
        var changed = right.Within(1, 7, Qualifiers.Altering) || right.Within(1, 7, w => w is "changed" or "different" or "opposite" or "other" or "wrong" or "minus" or "negative" or "reverse" or "missing" or "moved" or "shifted");
        return changed && right.Within(1, 7, w => w is "sign" or "signs" or "digit" or "digits" or "zero" or "zeros" or "order" or "decimal")
            || right is ["but", "negative" or "negated" or "reversed" or "doubled" or "halved", ..];
    }
}
