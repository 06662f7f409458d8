using System.Globalization;

namespace ParallelR1.Tokenization;

/// <summary>Unicode classes of code points, as used in the patterns of tokenizers.</summary>
internal static class CharacterClass
{
    /// <summary>Neither letter nor number nor white space.</summary>
    public const byte Other = 0;

    /// <summary><c>\p{L}</c></summary>
    public const byte Letter = 1;

    /// <summary><c>\p{N}</c></summary>
    public const byte Number = 2;

    /// <summary><c>\s</c></summary>
    public const byte Space = 3;

    private static readonly byte[] s_basic = CreateTable();

    /// <summary>Gets the class of the code point at <paramref name="at"/>, and its number of UTF-16 code units. Lone surrogates are Other.</summary>
    public static byte At(ReadOnlySpan<char> text, int at, out int units)
    {
        var unit = text[at];
        units = 1;
        if (!char.IsHighSurrogate(unit) || at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1]))
            return s_basic[unit];
        units = 2;
        return Of(CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(unit, text[at + 1])));
    }

    /// <summary>Gets the end of the run of one class that begins at <paramref name="from"/>.</summary>
    public static int RunEnd(ReadOnlySpan<char> text, int from, byte wanted)
    {
        while (from < text.Length && At(text, from, out var units) == wanted)
            from += units;
        return from;
    }

    /// <summary><c>\w</c>: letters, marks, decimal and letter numbers, connectors, joiners, circled letters.</summary>
    public static bool IsWord(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        UnicodeCategory.OtherNumber => false,
        <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => true,
        _ => codePoint is 0x200C or 0x200D or >= 0x24B6 and <= 0x24E9
            or >= 0x1F130 and <= 0x1F149 or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189,
    };

    private static byte[] CreateTable()
    {
        var table = new byte[0x10000];
        for (var c = 0; c < table.Length; c++)
            table[c] = char.IsWhiteSpace((char)c) ? Space : Of(CharUnicodeInfo.GetUnicodeCategory((char)c));
        return table;
    }

    private static byte Of(UnicodeCategory category) => category switch
    {
        <= UnicodeCategory.OtherLetter => Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
        _ => Other,
    };
}
