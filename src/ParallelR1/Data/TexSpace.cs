using System.Text.RegularExpressions;

namespace ParallelR1.Data;

/// <summary>White space in TeX.</summary>
internal static partial class TexSpace
{
    /// <summary>Returns whether a text typesets to nothing: only white space, spacing commands, math delimiters and empty text commands.</summary>
    public static bool IsBlank(string text) => Blank().IsMatch(text);

    /// <summary>Trims white space at both ends, including a final control space (<c>\ </c>).</summary>
    public static string Trim(string text)
    {
        text = text.Trim();
        while ((text.Length - text.TrimEnd('\\').Length) % 2 == 1)
            text = text[..^1].TrimEnd();
        return text;
    }

    [GeneratedRegex(@"\A(?>[\s\u200B\uFEFF~$]
        |\\[\s,;:!>/()\[\]]
        |\\(?:q?quad|enspace|enskip|(?:neg)?(?:thin|med|thick)space|space|null|nobreakspace|displaystyle|hfill)(?![A-Za-z])
        |\\(?:[hv]space\*?|[hv]?phantom)\s*\{[^{}]*\}
        |\\(?:text|mathrm|mbox)\s*\{\s*\}
        )*\z", RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Blank();
}
