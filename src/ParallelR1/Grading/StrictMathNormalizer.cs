using System.Text;

namespace ParallelR1.Grading;

/// <summary>The replacements of the released mathematics grader, in their order. They are what they are; nothing here is meant to be sensible.</summary>
internal static class StrictMathNormalizer
{
    private static readonly (string Old, string New)[] Replaced =
    [
        ("an ", ""), ("a ", ""), (".$", "$"), ("\\$", ""), ("\\ ", ""), (" ", ""), ("mbox", "text"),
        (",\\text{and}", ","), ("\\text{and}", ","), ("\\text{m}", "\\text{}"),
    ];

    private static readonly string[] Deleted =
    [
        "square", "ways", "integers", "dollars", "mph", "inches", "hours", "km", "units", "\\ldots", "sue", "points", "feet",
        "minutes", "digits", "cents", "degrees", "cm", "gm", "pounds", "meters", "meals", "edges", "students",
        "childrentickets", "multiples", "\\text{s}", "\\text{.}", "\\text{\ns}", "\\text{}^2", "\\text{}^3", "\\text{\n}",
        "\\text{}", "\\mathrm{th}", "^\\circ", "^{\\circ}", "\\;", ",\\!", "{,}", "\"", "\\dots",
    ];

    public static string Normalize(string text)
    {
        text = text[(text.LastIndexOf('=') + 1)..];
        foreach (var (old, by) in Replaced)
            text = PythonText.Replace(text, old, by);
        foreach (var word in Deleted)
            text = PythonText.Replace(text, word, "");

        text = KeepFirstFormula(text);
        text = Unwrap(text, "\\text{", greedy: false);
        text = Unwrap(text, "\\textbf{", greedy: false);
        text = Unwrap(text, "\\overline{", greedy: false);
        text = Unwrap(text, "\\boxed{", greedy: true);
        text = BraceFractions(text);
        text = BraceRoots(text);
        text = PythonText.Replace(text, "$", "");
        var withoutCommas = PythonText.Replace(text, ",", "");
        if (PythonText.IsDigits(withoutCommas))
            text = withoutCommas;
        return PythonText.Strip(text);
    }

    /// <summary>In every line with two dollar signs, keeps what lies between the first two, with the signs.</summary>
    private static string KeepFirstFormula(string text)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
            return text;
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var first = lines[i].IndexOf('$', StringComparison.Ordinal);
            var second = first < 0 ? -1 : lines[i].IndexOf('$', first + 1);
            if (second >= 0)
                lines[i] = lines[i][first..(second + 1)];
        }

        return string.Join('\n', lines);
    }

    /// <summary>Removes a command and its brace, up to the first closing brace of the line, or to the last one.</summary>
    private static string Unwrap(string text, string command, bool greedy)
    {
        var at = text.IndexOf(command, StringComparison.Ordinal);
        if (at < 0)
            return text;
        var result = PythonText.BuilderOf(text, at);
        while (at >= 0)
        {
            var inside = at + command.Length;
            var lineEnd = text.IndexOf('\n', inside);
            var line = text.AsSpan(inside, (lineEnd < 0 ? text.Length : lineEnd) - inside);
            var close = greedy ? line.LastIndexOf('}') : line.IndexOf('}');
            var next = close < 0 ? inside : inside + close + 1;
            result.Append(close < 0 ? command : line[..close]);
            at = text.IndexOf(command, next, StringComparison.Ordinal);
            result.Append(text, next, (at < 0 ? text.Length : at) - next);
        }

        return result.ToString();
    }

    /// <summary>frac and two bare code points, the first no brace, the second no line feed: both get braces.</summary>
    private static string BraceFractions(string text) => Shorthand(text, "frac", (result, at) =>
    {
        if (at >= text.Length || text[at] == '{')
            return 0;
        var width = PythonText.WidthAt(text, at);
        if (at + width >= text.Length || text[at + width] == '\n')
            return 0;
        var second = PythonText.WidthAt(text, at + width);
        result.Append('{').Append(text, at, width).Append("}{").Append(text, at + width, second).Append('}');
        return width + second;
    });

    private static string BraceRoots(string text) => Shorthand(text, "sqrt", (result, at) =>
    {
        if (at >= text.Length || text[at] == '{')
            return 0;
        var width = PythonText.WidthAt(text, at);
        result.Append('{').Append(text, at, width).Append('}');
        return width;
    });

    private static string Shorthand(string text, string word, Func<StringBuilder, int, int> write)
    {
        var at = text.IndexOf(word, StringComparison.Ordinal);
        if (at < 0)
            return text;
        var result = PythonText.BuilderOf(text, at);
        while (at >= 0)
        {
            var next = at + word.Length;
            result.Append(word);
            next += write(result, next);
            at = text.IndexOf(word, next, StringComparison.Ordinal);
            result.Append(text, next, (at < 0 ? text.Length : at) - next);
        }

        return result.ToString();
    }
}
