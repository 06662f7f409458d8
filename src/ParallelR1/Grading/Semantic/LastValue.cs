namespace ParallelR1.Grading.Semantic;

/// <summary>The last number of a text, or the formula that holds it.</summary>
internal static class LastValue
{
    private const int MaximumFormula = 400;

    public static string? Find(string text)
    {
        var last = text.AsSpan().LastIndexOfAnyInRange('0', '9');
        if (last < 0)
            return null;
        last = LeftOfComparison(text, last);
        if (FormulaAround(text, last) is { } formula)
            return formula;

        var start = last;
        while (start > 0 && (char.IsAsciiDigit(text[start - 1]) || (text[start - 1] is '.' or ',' or '/' && start > 1 && char.IsAsciiDigit(text[start - 2]))))
            start--;
        if (start > 0 && text[start - 1] == '.')
            start--;
        if (start > 0 && text[start - 1] is '-' or '−' && (start == 1 || !(char.IsLetterOrDigit(text[start - 2]) || text[start - 2] is ')' or '}')))
            start--;
        var end = last + 1;
        if (end < text.Length && text[end] == '%')
            end++;
        return text[start..end];
    }

    /// <summary>The last digit before a comparison sign in running text, where the number behind it only checks the one before ("84 &lt; 100").</summary>
    private static int LeftOfComparison(string text, int last)
    {
        var start = last;
        while (start > 0 && (char.IsAsciiDigit(text[start - 1]) || text[start - 1] is '.' or ',' or ' '))
            start--;
        if (start < 2 || text[start - 1] is not ('<' or '>' or '≤' or '≥'))
            return last;
        var before = start - 2;
        while (before > 0 && text[before] == ' ')
            before--;
        return char.IsAsciiDigit(text[before]) ? before : last;
    }

    /// <summary>The formula in dollar signs that holds the index: its last side, where it is an equation.</summary>
    private static string? FormulaAround(string text, int index)
    {
        var open = -1;
        var lineStart = Math.Max(text.LastIndexOf('\n', index) + 1, index - MaximumFormula);
        for (var i = lineStart; i < index; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '$')
                open = open < 0 ? i : -1;
        }

        var close = open < 0 ? -1 : text.IndexOf('$', index);
        if (close < 0 || close - index > MaximumFormula)
            return null;
        var formula = text[(open + 1)..close];
        if (formula.Contains(' ', StringComparison.Ordinal) && !formula.Contains('\\', StringComparison.Ordinal) && formula.Any(char.IsAsciiLetter)
            && formula.Split(' ').Any(w => w.Length > 3 && w.All(char.IsAsciiLetter)))
            return null;
        return formula[(formula.LastIndexOf('=') + 1)..];
    }
}
