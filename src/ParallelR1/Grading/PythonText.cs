using System.Globalization;
using System.Text;

namespace ParallelR1.Grading;

/// <summary>Text as the released Python graders see it: a sequence of code points with Python's character classes.</summary>
internal static class PythonText
{
    /// <summary>The last <paramref name="count"/> code points of a text; an unpaired surrogate is one code point.</summary>
    public static string Tail(string text, int count)
    {
        var at = text.Length;
        for (; count > 0 && at > 0; count--)
            at -= at >= 2 && char.IsSurrogatePair(text[at - 2], text[at - 1]) ? 2 : 1;
        return at == 0 ? text : text[at..];
    }

    /// <summary>Length in UTF-16 units of the code point at an index.</summary>
    public static int WidthAt(string text, int index) =>
        index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;

    /// <summary><c>\s</c> and <c>str.isspace</c>: Unicode white space and the four separators U+001C to U+001F.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    /// <summary><c>str.strip()</c>.</summary>
    public static string Strip(string text)
    {
        int start = 0, end = text.Length;
        while (start < end && IsSpace(text[start]))
            start++;
        while (end > start && IsSpace(text[end - 1]))
            end--;
        return text[start..end];
    }

    /// <summary><c>str.isdigit()</c>: not empty, and every code point has a digit value (decimal, superscript, circled, …).</summary>
    public static bool IsDigits(string text)
    {
        for (var i = 0; i < text.Length; i += WidthAt(text, i))
        {
            if (CharUnicodeInfo.GetDigitValue(text, i) < 0)
                return false;
        }

        return text.Length > 0;
    }

    /// <summary>
    /// The letter of the pattern, under Python's case-insensitive matching: beside both cases, <c>ı</c> and <c>İ</c> match i and <c>ſ</c> matches s.
    /// </summary>
    public static bool EqualsIgnoreCase(char c, char lower) => lower switch
    {
        'i' => c is 'i' or 'I' or 'ı' or 'İ',
        's' => c is 's' or 'S' or 'ſ',
        >= 'a' and <= 'z' => c == lower || c == lower - 32,
        _ => c == lower,
    };

    /// <summary><c>str.replace</c> of every occurrence, where there is one.</summary>
    public static string Replace(string text, string old, string by) => text.Replace(old, by, StringComparison.Ordinal);

    /// <summary>A builder that starts with the first part of a text.</summary>
    public static StringBuilder BuilderOf(string text, int length) => new StringBuilder(text.Length + 16).Append(text, 0, length);
}
