using System.Collections.Frozen;

namespace ParallelR1.Grading.Semantic;

/// <summary>Numbers in words: "twenty-five", "one hundred and three", "two thirds", "six dollars and fifty cents".</summary>
internal static class NumberWords
{
    private static readonly string[] s_small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
        "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] s_tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly FrozenDictionary<string, int> s_values = Build();

    private static readonly FrozenDictionary<string, int> s_parts = BuildParts();

    /// <summary>The value of an answer that is a number in words, with a unit or without; null for anything else.</summary>
    public static Node? Read(List<Token> tokens)
    {
        if (tokens.Count > 14 || tokens[0].Kind is not (TokenKind.Word or TokenKind.Minus))
            return null;
        var at = 0;
        var negative = tokens[0] is { Kind: TokenKind.Word } sign && sign.Text.ToLowerInvariant() is "negative" or "minus";
        if (negative)
            at++;
        if (Number(tokens, ref at) is not { } number)
            return null;
        var value = Node.Number(negative ? -number : number);
        if (at == tokens.Count)
            return value;
        if (at + 1 == tokens.Count && tokens[at].Kind == TokenKind.Percent)
            return new Node(NodeKind.Quantity, "%", value);
        var second = at + 1;
        if (Word(tokens, at) == "to" && Number(tokens, ref second) is { } other && second == tokens.Count)
            return new Node(NodeKind.Ratio, "", value, Node.Number(other));
        if (Units.Read(tokens, ref at) is not { } unit)
            return null;
        if (at == tokens.Count)
            return new Node(NodeKind.Quantity, unit, value);
        return unit == "$" ? Cents(tokens, at, value) : null;
    }

    /// <summary>
    /// The number, with its unit, that begins at an index of a sentence; null where none does. "One", "a third" and "half" are left alone:
    /// sentences say them of other things.
    /// </summary>
    public static Node? ReadInSentence(List<Token> tokens, int at, out int end)
    {
        end = at;
        var counted = s_values.TryGetValue(Word(tokens, at), out var first) && first != 1;
        if (Number(tokens, ref end) is not { } number || (!counted && number.Numerator < 2 * number.Denominator))
            return null;
        return Units.Read(tokens, ref end) is { } unit ? new Node(NodeKind.Quantity, unit, Node.Number(number)) : Node.Number(number);
    }

    /// <summary>"4 dollars and 50 cents" as one amount; null where anything else begins at an index.</summary>
    public static Node? DollarsAndCents(List<Token> tokens, int at, out int end)
    {
        end = at + 5;
        return end <= tokens.Count && tokens[at].Kind == TokenKind.Number && Word(tokens, at + 1) is "dollar" or "dollars" && Word(tokens, at + 2) == "and" && tokens[at + 3].Kind == TokenKind.Number
            && Word(tokens, at + 4) is "cent" or "cents" && NumberText.Parse(tokens[at].Text) is { } dollars && NumberText.Parse(tokens[at + 3].Text) is { } cents
            ? new Node(NodeKind.Quantity, "$", Node.Sum(dollars, Node.Product(cents, Node.Number(BigRational.Of(1, 100)))))
            : null;
    }

    /// <summary>A fraction in words ("one fifth", "a third", "half") that begins at an index; null where none does.</summary>
    public static Node? ReadPart(List<Token> tokens, int at, out int end)
    {
        end = at;
        return Number(tokens, ref end) is { IsInteger: false } number ? Node.Number(number) : null;
    }

    /// <summary>The value of a single word; null where it is no number.</summary>
    public static int? Small(string word) => s_values.TryGetValue(word, out var value) ? value : null;

    /// <summary>Into how many parts a word divides: 4 for "quarter" and "fourths"; 0 where it is no such word.</summary>
    public static int Part(string word)
    {
        var singular = word == "halves" ? "half" : word.EndsWith('s') ? word[..^1] : word;
        return s_parts.GetValueOrDefault(singular);
    }

    private static Node? Cents(List<Token> tokens, int at, Node dollars)
    {
        if (tokens[at].Kind == TokenKind.Comma)
            at++;
        if (at < tokens.Count && tokens[at].Text.Equals("and", StringComparison.OrdinalIgnoreCase))
            at++;
        return Number(tokens, ref at) is { } cents && Units.Read(tokens, ref at) == "¢" && at == tokens.Count
            ? new Node(NodeKind.Quantity, "$", Node.Sum(dollars, Node.Number(cents * BigRational.Of(1, 100))))
            : null;
    }

    private static string Word(List<Token> tokens, int at) => at < tokens.Count && tokens[at].Kind == TokenKind.Word ? tokens[at].Text.ToLowerInvariant() : "";

    /// <summary>A number, or so many dozen, thousand, million.</summary>
    private static BigRational? Number(List<Token> tokens, ref int at)
    {
        var isArticle = Word(tokens, at) is "a" or "an";
        if (isArticle && (Word(tokens, at + 1) == "dozen" || Part(Word(tokens, at + 1)) > 1))
        {
            at += 2;
            return Word(tokens, at - 1) == "dozen" ? BigRational.Of(12) : BigRational.Of(1, Part(Word(tokens, at - 1)));
        }

        if (Counted(tokens, ref at) is not { } number)
            return null;
        var next = Word(tokens, at) is "a" && number.Numerator < number.Denominator ? at + 1 : at;
        if (Magnitude(Word(tokens, next)) is not (> 0 and var magnitude))
            return number;
        at = next + 1;
        return number * BigRational.Of(magnitude);
    }

    private static long Magnitude(string word) => word switch
    {
        "dozen" or "dozens" => 12,
        "hundred" => 100,
        "thousand" => 1000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        _ => 0,
    };

    /// <summary>The digits behind "point".</summary>
    private static BigRational? Decimals(List<Token> tokens, ref int at)
    {
        long digits = 0, scale = 1;
        var i = at;
        for (; scale < 1_000_000_000 && s_values.TryGetValue(Word(tokens, i), out var digit) && digit < 10; i++)
            (digits, scale) = ((10 * digits) + digit, 10 * scale);
        if (i == at)
            return null;
        at = i;
        return BigRational.Of(digits, scale);
    }

    /// <summary>A whole number, a decimal, a fraction, or a whole number with a fraction.</summary>
    private static BigRational? Counted(List<Token> tokens, ref int at)
    {
        if (Word(tokens, at) == "half")
        {
            at++;
            return BigRational.Of(1, 2);
        }

        if (Integer(tokens, ref at) is not { } whole)
            return null;
        var next = at < tokens.Count && tokens[at].Kind == TokenKind.Minus ? at + 1 : at;
        if (Part(Word(tokens, next)) is > 0 and var part && Word(tokens, next) != "second")
        {
            at = next + 1;
            return BigRational.Of(whole, part);
        }

        if (Word(tokens, at) == "point")
        {
            var behind = at + 1;
            if (Decimals(tokens, ref behind) is not { } decimals)
                return null;
            at = behind;
            return BigRational.Of(whole) + decimals;
        }

        if (Word(tokens, at) != "and")
            return BigRational.Of(whole);
        var above = at + 1;
        var count = 1;
        if (Word(tokens, above) is "a")
            above++;
        else if (s_values.TryGetValue(Word(tokens, above), out count) && count < 20)
            above++;
        else
            return BigRational.Of(whole);
        if (tokens.Count > above && tokens[above].Kind == TokenKind.Minus)
            above++;
        if (Part(Word(tokens, above)) is not (> 0 and var below))
            return BigRational.Of(whole);
        at = above + 1;
        return BigRational.Of(whole) + BigRational.Of(count, below);
    }

    private static long? Integer(List<Token> tokens, ref int at)
    {
        long total = 0, group = 0;
        var found = false;
        var i = at;
        for (var words = 0; words < 12; words++)
        {
            var word = Word(tokens, i);
            if (found && i < tokens.Count && tokens[i].Kind == TokenKind.Minus && s_values.ContainsKey(Word(tokens, i + 1)))
                word = Word(tokens, ++i);
            else if (found && word == "and" && group % 100 == 0 && group > 0 && s_values.ContainsKey(Word(tokens, i + 1)) && Part(Word(tokens, i + 2)) == 0)
                word = Word(tokens, ++i);
            if (s_values.TryGetValue(word, out var value) || (!found && IsOne(tokens, i, out value)))
            {
                if (group % 10 != 0 || (value >= 20 && group % 100 != 0) || (value < 20 && group % 100 is > 0 and < 20) || (value is >= 10 and < 20 && group % 100 != 0))
                    break;
                group += value;
            }
            else if (word == "hundred" && group is > 0 and < 100)
            {
                group *= 100;
            }
            else if (word is "thousand" or "million" or "billion" && group > 0)
            {
                total += group * word switch { "thousand" => 1000L, "million" => 1_000_000L, _ => 1_000_000_000L };
                group = 0;
            }
            else
            {
                break;
            }

            found = true;
            at = ++i;
        }

        return found ? total + group : null;
    }

    /// <summary>Whether an article stands for one: "a hundred and five".</summary>
    private static bool IsOne(List<Token> tokens, int at, out int value)
    {
        value = 1;
        return Word(tokens, at) is "a" or "an" && Word(tokens, at + 1) is not "dozen" && Magnitude(Word(tokens, at + 1)) > 0;
    }

    private static FrozenDictionary<string, int> BuildParts()
    {
        var map = new Dictionary<string, int>
        {
            ["half"] = 2,
            ["third"] = 3,
            ["quarter"] = 4,
            ["fifth"] = 5,
            ["eighth"] = 8,
            ["ninth"] = 9,
            ["twelfth"] = 12,
            ["hundredth"] = 100,
            ["thousandth"] = 1000
        };
        for (var i = 4; i < s_small.Length; i++)
            map.TryAdd(s_small[i] + "th", i);
        for (var i = 0; i < s_tens.Length; i++)
            map[s_tens[i][..^1] + "ieth"] = 20 + (10 * i);
        return map.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, int> Build()
    {
        var map = new Dictionary<string, int>();
        for (var i = 0; i < s_small.Length; i++)
            map[s_small[i]] = i;
        for (var i = 0; i < s_tens.Length; i++)
            map[s_tens[i]] = 20 + 10 * i;
        return map.ToFrozenDictionary();
    }
}
