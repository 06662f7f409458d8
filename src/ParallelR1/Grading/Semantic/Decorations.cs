using System.Buffers;
using System.Globalization;
using System.Text;

namespace ParallelR1.Grading.Semantic;

/// <summary>Takes off what stands around an answer and says nothing: tick marks, tombstones, arrows, HTML, quotation marks, brackets without their twin.</summary>
internal static class Decorations
{
    private static readonly string[] Leading =
    [
        "\\therefore", "\\Rightarrow", "\\Longrightarrow", "\\implies", "\\to", "\\rightarrow", "\\longrightarrow", "∴", "⇒", "→", "⟹", "➜", "➡", "=>", "->", "=", "«", "“",
        "‘", "❝", "•", "|", "~~", "}", "- ", "* ", "+ ", "✅", "✔", "\ufe0f", "👉", "🎯", "⭐", "🎉", ": ",
    ];

    private static readonly string[] Trailing =
    [
        "\\blacksquare", "\\square", "\\Box", "\\qed", "\\QED", "\\checkmark", "\\Diamond", "\\\\", "∎", "■", "□", "▪", "◼", "✓", "✔", "✅", "☑", "🎉", "🎯", "⭐", "👍", "💡",
        "\ufe0f", "QED", "Q.E.D.", "|", "»", "”", "’", "❞", ";", ",", "~~", "/", "←", "⇐",
    ];

    /// <summary>The answer without them; the text itself where nothing would be left.</summary>
    public static string Strip(string text)
    {
        var rest = WithoutHtml(WithoutStruck(text.Trim()));
        for (var before = ""; before != rest;)
        {
            before = rest;
            rest = StripMarks(Unbalanced(StripPictures(StripEnds(rest))));
        }

        rest = StripInFormula(rest);
        return rest.AsSpan().IndexOfAnyExcept("$ *_`") < 0 ? text : rest;
    }

    /// <summary>Without what is struck through, where more stands beside it.</summary>
    private static string WithoutStruck(string text)
    {
        var open = text.IndexOf("~~", StringComparison.Ordinal);
        var close = open < 0 ? -1 : text.IndexOf("~~", open + 2, StringComparison.Ordinal);
        if (close < 0)
            return text;
        var rest = string.Concat(text.AsSpan(0, open), " ", text.AsSpan(close + 2)).Trim();
        return rest.Any(char.IsLetterOrDigit) ? rest : text;
    }

    /// <summary>Pictures at both ends, but not those that say no or ask.</summary>
    private static string StripPictures(string text)
    {
        if (text.EndsWith(":)", StringComparison.Ordinal) || text.EndsWith(":-)", StringComparison.Ordinal))
            text = text[..text.LastIndexOf(':')].TrimEnd();
        if (Rune.DecodeLastFromUtf16(text, out var last, out var width) == OperationStatus.Done && IsPicture(last) && text.Length > width)
            text = text[..^width].TrimEnd();
        if (Rune.DecodeFromUtf16(text, out var first, out width) == OperationStatus.Done && IsPicture(first) && text.Length > width)
            text = text[width..].TrimStart();
        return text;
    }

    private static bool IsPicture(Rune rune) =>
        rune.Value is >= 0x2700 and <= 0x27BF or >= 0x1F300 and <= 0x1FAFF && !"❌❎❓❔❗✗✘✕✖➕➖➗👎🚫🤔🤷🙅❍❏❐❑❒".EnumerateRunes().Contains(rune)
        && Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol && rune.Value is not (>= 0x2776 and <= 0x2793);

    private static string StripMarks(string text)
    {
        var rest = text.Trim();
        if (rest.StartsWith("**", StringComparison.Ordinal) && rest.EndsWith("**", StringComparison.Ordinal) && rest.Length > 4
            && rest.IndexOf("**", 2, StringComparison.Ordinal) == rest.Length - 2)
            rest = rest[2..^2];
        if (rest.Length > 2 && rest[0] == '\'' && rest[^1] == '\'' && rest.IndexOf('\'', 1) == rest.Length - 1)
            rest = rest[1..^1];
        if (rest.StartsWith('`') && rest.EndsWith('`') && rest.Length > 2)
            rest = rest.Trim('`');
        return rest.Trim();
    }

    private static readonly SearchValues<char> s_firsts = SearchValues.Create([.. Leading.Select(m => m[0]).Distinct()]);

    private static readonly SearchValues<char> s_lasts = SearchValues.Create([.. Trailing.Select(m => m[^1]).Distinct()]);

    private static string StripEnds(string text)
    {
        if (text.Length < 2)
            return text;
        foreach (var mark in s_firsts.Contains(text[0]) ? Leading : [])
        {
            if (mark == "|" && Count(text, '|') % 2 == 0)
                continue;
            if (text.StartsWith(mark, StringComparison.Ordinal) && text.Length > mark.Length && !(mark[0] == '\\' && char.IsAsciiLetter(text[mark.Length])))
                return text[mark.Length..].TrimStart();
        }

        foreach (var mark in s_lasts.Contains(text[^1]) ? Trailing : [])
        {
            if (!text.EndsWith(mark, StringComparison.Ordinal) || text.Length == mark.Length || (mark is "," or ";" && text[^2] == '\\'))
                continue;
            var rest = text[..^mark.Length].TrimEnd();
            if (mark is "|" && rest.Contains('|', StringComparison.Ordinal))
                continue;
            return rest.EndsWith("$$", StringComparison.Ordinal) && rest.Length > 2 && Count(rest, '$') % 2 == 1 ? rest[..^1] : rest;
        }

        return text;
    }

    /// <summary>A formula that is only a tombstone, and arrows at the beginning of the only formula.</summary>
    private static string StripInFormula(string text)
    {
        if (text.Length < 4 || text[^1] != '$' || text[^2] == '\\')
            return text;
        var open = text.LastIndexOf('$', text.Length - 2);
        if (open > 0 && Array.IndexOf(Trailing, text[(open + 1)..^1].Trim()) >= 0)
            return Strip(text[..open].TrimEnd(' ', '.', '$') + (Count(text[..open], '$') % 2 == 0 && text[..open].TrimEnd(' ', '.').EndsWith('$') ? "$" : ""));
        if (open != 0)
            return text;
        var inside = text[1..^1].Trim();
        var stripped = StripEnds(inside);
        return stripped.Length < inside.Length && stripped.Length > 0 ? Strip("$" + stripped + "$") : text;
    }

    /// <summary>Without a closing brace, bracket or bold mark at the end that was never opened.</summary>
    private static string Unbalanced(string text)
    {
        if (text.Length > 1 && text[^1] == '}' && text[^2] != '\\' && Depth(text) < 0)
            return text[..^1].TrimEnd();
        return text;
    }

    private static int Depth(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '{')
                depth++;
            else if (text[i] == '}')
                depth--;
        }

        return depth;
    }

    private static int Count(string text, char c) => text.AsSpan().Count(c);

    /// <summary>Without tags such as <c>&lt;b&gt;</c>, and without what follows a control token of a model.</summary>
    private static string WithoutHtml(string text)
    {
        var special = text.IndexOf("<|", StringComparison.Ordinal);
        if (special > 0 && text.IndexOf("|>", special, StringComparison.Ordinal) > 0)
            text = text[..special].TrimEnd();
        var at = text.IndexOf('<', StringComparison.Ordinal);
        while (at >= 0)
        {
            var end = at + 1 < text.Length && text[at + 1] == '/' ? at + 2 : at + 1;
            var name = end;
            while (end < text.Length && (char.IsAsciiLetter(text[end]) || (end > name && char.IsAsciiDigit(text[end]))))
                end++;
            var close = end < text.Length ? text.IndexOf('>', end) : -1;
            var known = end > name && text[name..end].ToLowerInvariant() is "b" or "strong" or "i" or "em" or "u" or "span" or "div" or "p" or "br" or "code" or "mark"
                or "font" or "sup" or "big" or "small" or "h1" or "h2" or "h3" or "center" or "answer" or "pre" or "s";
            if (known && close >= 0 && close - at < 80)
                text = string.Concat(text.AsSpan(0, at), " ", text.AsSpan(close + 1)).Trim();
            else
                at++;
            at = at < text.Length ? text.IndexOf('<', at) : -1;
        }

        return text;
    }
}
