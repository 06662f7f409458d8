namespace ParallelR1.Grading.Semantic.Sentences;

/// <summary>Finds the results of the computations and assignments in a sentence: the value behind the last equals sign of each.</summary>
/// <example><c>There are 20+40=60 animals</c> states 60; <c>x = 3 and y = 4</c> states both.</example>
internal static class Equations
{
    /// <summary>The places of the results; null where something else than a value stands behind the last equals sign.</summary>
    public static List<(int At, bool IsResult)>? Results(List<Term> terms)
    {
        var results = new List<(int At, bool IsResult)>();
        var from = 0;
        for (var i = 0; i < terms.Count; i++)
        {
            if (terms[i].Kind != TermKind.Equals)
                continue;
            if (results.Count > 0 && (!IsNewName(terms, results[^1].At, i) || IsMadeOfNames(terms, i)))
                results.Clear();
            var isResult = terms.FindIndex(from, i - from, t => t.Kind is TermKind.Value or TermKind.Operator) >= 0;
            from = i + 1;
            if (i + 1 >= terms.Count || terms[i + 1].Kind != TermKind.Value)
                return null;
            results.Add((i + 1, isResult));
        }

        return HasAlternative(terms, results[^1].At) ? null : results;
    }

    /// <summary>Whether between a result and the next equals sign another name is introduced, rather than the computation continued.</summary>
    private static bool IsNewName(List<Term> terms, int result, int equals)
    {
        for (var i = result + 1; i < equals; i++)
        {
            if (terms[i].Kind is TermKind.Value or TermKind.Operator)
                return false;
        }

        return equals > result + 1 && terms[equals - 1].Kind == TermKind.Word;
    }

    /// <summary>Whether what an equals sign defines is a product of the names before it ("a = 12 and b = 5, so ab = 60").</summary>
    private static bool IsMadeOfNames(List<Term> terms, int equals)
    {
        if (equals < 1 || terms[equals - 1] is not { Kind: TermKind.Word, Text.Length: 2 or 3 } product)
            return false;
        foreach (var letter in product.Text)
        {
            if (!terms.GetRange(0, equals - 1).Exists(t => t.Kind == TermKind.Word && t.Text.Length == 1 && t.Text[0] == letter))
                return false;
        }

        return true;
    }

    /// <summary>Whether "or", "to" or a sign joins another value to the result.</summary>
    private static bool HasAlternative(List<Term> terms, int result) =>
        result + 2 < terms.Count && terms[result + 2].Kind == TermKind.Value
        && (terms[result + 1].Kind == TermKind.Operator || terms[result + 1].Text is "or" or "to" or "and");
}
