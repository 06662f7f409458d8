using System.Globalization;

namespace ParallelR1.Tokenization;

/// <summary>Parses one character or set of a pattern: <c>a</c>, <c>.</c>, <c>\s</c>, <c>\p{L}</c>, <c>[^\r\n\p{L}]</c>, …</summary>
internal sealed class RegexSetParser(string pattern, bool ignoreCase)
{
    private const uint Letters = 0b11111, Marks = 0b111 << 5, Digits = 1 << 8, Numbers = 0b111 << 8, Controls = 0b11111u << 14;

    public RegexSet Read(ref int at)
    {
        var start = at;
        var set = new RegexSet { IgnoreCase = ignoreCase };
        var unit = pattern[at];
        if (unit == '[')
        {
            at++;
            ReadBracket(set, ref at, start);
        }
        else if (unit == '.')
        {
            at++;
            set.AddRange('\n', '\n');
            set.Negated = true;
        }
        else if (ReadOne(set, ref at, start) is { } single)
        {
            set.AddRange(single, single);
        }

        return set;
    }

    private void ReadBracket(RegexSet set, ref int at, int start)
    {
        if (at < pattern.Length && pattern[at] == '^')
        {
            set.Negated = true;
            at++;
        }

        for (var first = true; ; first = false)
        {
            if (at >= pattern.Length)
                throw Error("a \"[\" without its \"]\"", start);
            if (pattern[at] == ']' && !first)
                break;
            if (pattern[at] == '[')
                throw Error("a set inside a set", at);
            if (pattern[at] == '&' && at + 1 < pattern.Length && pattern[at + 1] == '&')
                throw Error("an intersection of sets", at);
            if (ReadOne(set, ref at, start) is not { } low)
                continue;
            var high = low;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                high = ReadOne(set, ref at, start) ?? throw Error("a range that ends in a class", at);
                if (high < low)
                    throw Error("a range whose end is before its beginning", at);
            }

            set.AddRange(low, high);
        }

        at++;
    }

    /// <summary>Reads a single code point; null if a class was added to the set.</summary>
    private int? ReadOne(RegexSet set, ref int at, int start)
    {
        if (pattern[at] != '\\')
            return Literal(ref at);
        at++;
        if (at >= pattern.Length)
            throw Error("a \"\\\" at its end", start);
        var unit = pattern[at++];
        switch (unit)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case 'x' or 'u':
                return Hex(unit, ref at);
            case 's' or 'S' or 'd' or 'D' or 'w' or 'W':
                AddShorthand(set, unit);
                return null;
            case 'p' or 'P':
                AddProperty(set, unit == 'P', ref at);
                return null;
            default:
                return char.IsAsciiLetterOrDigit(unit) ? throw Error($"\\{unit}", start) : unit;
        }
    }

    private int Literal(ref int at)
    {
        var point = char.IsHighSurrogate(pattern[at]) && at + 1 < pattern.Length ? char.ConvertToUtf32(pattern, at) : pattern[at];
        at += point > 0xFFFF ? 2 : 1;
        return point;
    }

    private int Hex(char kind, ref int at)
    {
        var braces = at < pattern.Length && pattern[at] == '{';
        var end = braces ? pattern.IndexOf('}', at) : at + (kind == 'x' ? 2 : 4);
        var from = braces ? at + 1 : at;
        if (end < from || end > pattern.Length
            || !int.TryParse(pattern.AsSpan(from, end - from), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point) || point is < 0 or > 0x10FFFF)
            throw Error("an invalid character number", at);
        at = braces ? end + 1 : end;
        return point;
    }

    private static void AddShorthand(RegexSet set, char unit)
    {
        var inner = new RegexSet { Negated = char.IsUpper(unit) };
        if (unit is 's' or 'S')
            inner.AddSpace();
        else
            inner.AddCategories(unit is 'd' or 'D' ? Digits : Letters | Marks | Digits | 1u << (int)UnicodeCategory.ConnectorPunctuation);
        set.AddSet(inner);
    }

    private void AddProperty(RegexSet set, bool negated, ref int at)
    {
        var open = at;
        var close = at < pattern.Length && pattern[at] == '{' ? pattern.IndexOf('}', at) : -1;
        if (close < 0)
            throw Error("a \\p without its {…}", at);
        var name = pattern[(at + 1)..close];
        at = close + 1;
        if (name.StartsWith('^'))
            (name, negated) = (name[1..], !negated);
        var inner = new RegexSet { Negated = negated };
        if (Categories(name) is { } mask)
            inner.AddCategories(mask);
        else if (name == "Han")
            AddHan(inner);
        else
            throw Error($"\\p{{{name}}}", open);
        set.AddSet(inner);
    }

    private static uint? Categories(string name) => name switch
    {
        "L" => Letters,
        "M" => Marks,
        "N" => Numbers,
        "Z" => 0b111u << 11,
        "C" => Controls | 1u << (int)UnicodeCategory.OtherNotAssigned,
        "P" => 0b1111111u << 18,
        "S" => 0b1111u << 25,
        _ => Array.IndexOf(s_names, name) is >= 0 and var index ? 1u << index : null,
    };

    /// <summary>The script property of Han ideographs and their marks.</summary>
    private static void AddHan(RegexSet set)
    {
        foreach (var (first, last) in s_han)
            set.AddRange(first, last);
    }

    private InputException Error(string what, int at) =>
        new($"tokenizer.json: the pattern {pattern} of the pre_tokenizer has {what} at {at}; this is not supported");

    /// <summary>Two-letter names in the order of <see cref="UnicodeCategory"/>.</summary>
    private static readonly string[] s_names =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    private static readonly (int First, int Last)[] s_han =
    [
        (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B),
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D), (0xFA70, 0xFAD9), (0x16FE2, 0x16FE3), (0x16FF0, 0x16FF1),
        (0x20000, 0x2A6DF), (0x2A700, 0x2B739), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0), (0x2F800, 0x2FA1D), (0x30000, 0x3134A), (0x31350, 0x323AF),
    ];
}
