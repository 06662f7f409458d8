using System.Text.RegularExpressions;

namespace ParallelR1.Data;

/// <summary>Space as TeX writes it.</summary>
internal static partial class TexSpace
{
    /// <summary>Whether a text shows nothing when it is set: only white space, TeX's spacing commands, formula marks, text commands around nothing.</summary>
    public static bool IsBlank(string text) => Blank().IsMatch(text);

    /// <summary>A text without white space at its ends; the blank of a <c>\ </c> at the end takes its backslash with it.</summary>
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
