using System.Text;
using ParallelR1.Grading;

namespace ParallelR1.Rewards;

/// <summary>Splits text into words like tokenizer 13a of sacrebleu, which follows the machine translation evaluations (mteval-v13a).</summary>
internal static class BleuTokenizer
{
    public static List<string> Tokenize(string text)
    {
        text = text[..LengthWithoutTrailingSpace(text)];
        text = text.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        if (text.Contains('&', StringComparison.Ordinal))
        {
            text = text.Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
                .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        }

        text = SpaceSymbols($" {text} ");
        text = SpacePairs(text, (a, b) => !char.IsAsciiDigit(a) && IsMark(b), "{0} {1} ");
        text = SpacePairs(text, (a, b) => IsMark(a) && !char.IsAsciiDigit(b), " {0} {1}");
        text = SpacePairs(text, (a, b) => char.IsAsciiDigit(a) && b == '-', "{0} {1} ");
        return Split(text);
    }

    private static bool IsMark(char c) => c is '.' or ',';

    private static bool IsSymbol(char c) => c < 128 && (char.IsPunctuation(c) || char.IsSymbol(c)) && c is not ('\'' or ',' or '-' or '.');

    private static string SpaceSymbols(string text)
    {
        var result = new StringBuilder(text.Length * 2);
        foreach (var c in text)
        {
            if (IsSymbol(c))
                result.Append(' ').Append(c).Append(' ');
            else
                result.Append(c);
        }

        return result.ToString();
    }

    // One scan from left to right; a pair that was replaced does not overlap the next.
    private static string SpacePairs(string text, Func<char, char, bool> matches, string format)
    {
        var result = new StringBuilder(text.Length * 2);
        var pattern = CompositeFormat.Parse(format);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && matches(text[i], text[i + 1]))
                result.AppendFormat(null, pattern, text[i], text[++i]);
            else
                result.Append(text[i]);
        }

        return result.ToString();
    }

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && !PythonText.IsSpace(text[i]))
                i++;
            if (i > start)
                words.Add(text[start..i]);
            else
                i++;
        }

        return words;
    }

    private static int LengthWithoutTrailingSpace(string text)
    {
        var length = text.Length;
        while (length > 0 && PythonText.IsSpace(text[length - 1]))
            length--;
        return length;
    }
}
