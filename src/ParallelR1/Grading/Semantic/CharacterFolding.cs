using System.Globalization;
using System.Text;

namespace ParallelR1.Grading.Semantic;

/// <summary>Turns characters beyond ASCII into the spelling that the lexer knows, as a person reads them.</summary>
internal static class CharacterFolding
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˣʸ";
    private const string SuperscriptMeaning = "0123456789+-()nixy";
    private const string Subscripts = "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙᵢₓₐ";
    private const string SubscriptMeaning = "0123456789+-()nixa";

    private static readonly Dictionary<char, string> Folded = Build();

    public static string Fold(string text)
    {
        var first = text.AsSpan().IndexOfAnyExceptInRange('\0', '\u007f');
        if (first < 0)
            return text;

        var result = new StringBuilder(text.Length + 16);
        result.Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
            i += FoldAt(result, text, i);
        return result.ToString();
    }

    /// <summary>Folds the character at an index; returns how many further units it took.</summary>
    private static int FoldAt(StringBuilder result, string text, int i)
    {
        var c = text[i];
        if (c < '\u0080')
        {
            result.Append(c);
            return 0;
        }

        if (Superscripts.Contains(c, StringComparison.Ordinal))
            return Run(result, text, i, '^', Superscripts, SuperscriptMeaning);
        if (Subscripts.Contains(c, StringComparison.Ordinal))
            return Run(result, text, i, '_', Subscripts, SubscriptMeaning);
        if (Folded.TryGetValue(c, out var by))
            result.Append(by);
        else if (c is >= '\uff01' and <= '\uff5e')
            result.Append((char)(c - 0xfee0));
        else if (char.IsWhiteSpace(c))
            result.Append(' ');
        else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
        {
            Astral(result, char.ConvertToUtf32(c, text[i + 1]));
            return 1;
        }
        else if (char.IsDigit(c))
            result.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)));
        else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format)
            result.Append(c);
        return 0;
    }

    /// <summary>Mathematical digits and letters stand in alphabets of 10 and 52.</summary>
    private static void Astral(StringBuilder result, int point)
    {
        if (point is >= 0x1d7ce and <= 0x1d7ff)
            result.Append((char)('0' + (point - 0x1d7ce) % 10));
        else if (point is >= 0x1d400 and <= 0x1d6a3)
            result.Append((char)((point - 0x1d400) % 52 is var k && k < 26 ? 'A' + k : 'a' + k - 26));
        else
            result.Append('\ufffd');
    }

    private static int Run(StringBuilder result, string text, int start, char mark, string from, string to)
    {
        result.Append(mark).Append('{');
        var i = start;
        for (; i < text.Length && from.IndexOf(text[i], StringComparison.Ordinal) is >= 0 and var k; i++)
            result.Append(to[k]);
        result.Append('}');
        return i - start - 1;
    }

    private static Dictionary<char, string> Build()
    {
        var map = new Dictionary<char, string>
        {
            ['×'] = "\\times ",
            ['·'] = "\\cdot ",
            ['⋅'] = "\\cdot ",
            ['∙'] = "\\cdot ",
            ['∗'] = "*",
            ['÷'] = "\\div ",
            ['∕'] = "/",
            ['⁄'] = "/",
            ['±'] = "\\pm ",
            ['∓'] = "\\mp ",
            ['√'] = "\\sqrt ",
            ['∛'] = "\\cbrt ",
            ['≤'] = "\\le ",
            ['≥'] = "\\ge ",
            ['⩽'] = "\\le ",
            ['⩾'] = "\\ge ",
            ['≠'] = "\\ne ",
            ['≈'] = "\\approx ",
            ['≡'] = "\\equiv ",
            ['≦'] = "\\le ",
            ['≧'] = "\\ge ",
            ['∑'] = "\\sum ",
            ['∏'] = "\\prod ",
            ['⋯'] = "\\ldots ",
            ['∈'] = "\\in ",
            ['∪'] = "\\cup ",
            ['∩'] = "\\cap ",
            ['∖'] = "\\setminus ",
            ['∞'] = "\\infty ",
            ['∅'] = "\\emptyset ",
            ['⌀'] = "\\emptyset ",
            ['ℝ'] = "\\mathbb{R}",
            ['°'] = "\\degree ",
            ['º'] = "\\degree ",
            ['˚'] = "\\degree ",
            ['…'] = "\\ldots ",
            ['∠'] = "\\angle ",
            ['’'] = "'",
            ['‘'] = "'",
            ['′'] = "'",
            ['“'] = "\"",
            ['”'] = "\"",
            ['€'] = "\\currency{€}",
            ['£'] = "\\currency{pound}",
            ['¥'] = "\\currency{¥}",
            ['₹'] = "\\currency{₹}",
            ['₽'] = "\\currency{₽}",
            ['₩'] = "\\currency{₩}",
            ['₺'] = "\\currency{₺}",
            ['₪'] = "\\currency{₪}",
            ['₫'] = "\\currency{₫}",
            ['฿'] = "\\currency{฿}",
            ['¢'] = "\\centsign ",
            ['％'] = "%",
            ['\u2009'] = "\\,",
            ['\u202f'] = "\\,",
            ['，'] = ",",
            ['⟨'] = "\\langle ",
            ['⟩'] = "\\rangle ",
            ['⌊'] = "\\lfloor ",
            ['⌋'] = "\\rfloor ",
            ['ⅈ'] = "i",
            ['ⅇ'] = "e",
            ['\u00ad'] = "",
            ['\u200b'] = "",
            ['µ'] = "\\mu ",
            ['∣'] = "|",
            ['﹢'] = "+",
            ['₋'] = "-",
            ['²'] = "^{2}",
        };
        foreach (var minus in "−–—‐‑‒―﹣－")
            map[minus] = "-";
        string[] vulgar =
        [
            "½12", "⅓13", "⅔23", "¼14", "¾34", "⅕15", "⅖25", "⅗35", "⅘45", "⅙16", "⅚56", "⅐17", "⅛18", "⅜38", "⅝58", "⅞78", "⅑19",
        ];
        foreach (var entry in vulgar)
            map[entry[0]] = $"\\frac{{{entry[1]}}}{{{entry[2]}}}";
        map['⅒'] = "\\frac{1}{10}";
        string[] greek =
        [
            "αalpha", "βbeta", "γgamma", "δdelta", "εepsilon", "ζzeta", "ηeta", "θtheta", "ιiota", "κkappa", "λlambda", "μmu", "νnu",
            "ξxi", "πpi", "ρrho", "σsigma", "τtau", "υupsilon", "φphi", "ϕphi", "χchi", "ψpsi", "ωomega", "ΓGamma", "ΔDelta",
            "ΘTheta", "ΛLambda", "ΞXi", "ΠPi", "ΣSigma", "ΦPhi", "ΨPsi", "ΩOmega",
        ];
        foreach (var entry in greek)
            map[entry[0]] = "\\" + entry[1..] + " ";
        return map;
    }
}
