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

    private static readonly string[] s_parts = ["half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

    private static readonly FrozenDictionary<string, int> s_values = Build();

    /// <summary>The value of an answer that is a number in words, with a unit or without; null for anything else.</summary>
    public static Node? Read(List<Token> tokens)
    {
        if (tokens.Count > 14 || tokens[0].Kind is not (TokenKind.Word or TokenKind.Minus))
            return null;
        var at = 0;
        var negative = tokens[0] is { Kind: TokenKind.Word } sign && sign.Text.ToLowerInvariant() is "negative" or "minus";
        if (negative)
            at++;
        if (Number(tokens, ref at) is not { } value)
            return null;
        if (negative)
            value = Node.Negative(value);
        if (at == tokens.Count)
            return value;
        if (Units.Read(tokens, ref at) is not { } unit)
            return null;
        if (at == tokens.Count)
            return new Node(NodeKind.Quantity, unit, value);
        return unit == "$" ? Cents(tokens, at, value) : null;
    }

    private static Node? Cents(List<Token> tokens, int at, Node dollars)
    {
        if (tokens[at].Kind == TokenKind.Comma)
            at++;
        if (at < tokens.Count && tokens[at].Text.Equals("and", StringComparison.OrdinalIgnoreCase))
            at++;
        return Number(tokens, ref at) is { } cents && Units.Read(tokens, ref at) == "¢" && at == tokens.Count
            ? new Node(NodeKind.Quantity, "$", Node.Sum(dollars, Node.Product(Node.Number(BigRational.Of(1, 100)), cents)))
            : null;
    }

    private static string Word(List<Token> tokens, int at) => at < tokens.Count && tokens[at].Kind == TokenKind.Word ? tokens[at].Text.ToLowerInvariant() : "";

    /// <summary>A whole number, a fraction, or a whole number with a fraction.</summary>
    private static Node? Number(List<Token> tokens, ref int at)
    {
        if (Word(tokens, at) == "half")
        {
            at++;
            return Node.Half;
        }

        if (Integer(tokens, ref at) is not { } whole)
            return null;
        var next = at < tokens.Count && tokens[at].Kind == TokenKind.Minus ? at + 1 : at;
        if (Part(Word(tokens, next)) is > 0 and var part && Word(tokens, next) != "second")
        {
            at = next + 1;
            return Node.Number(BigRational.Of(whole, part));
        }

        if (Word(tokens, at) != "and")
            return Node.Number(BigRational.Of(whole));
        var above = at + 1;
        var count = 1;
        if (Word(tokens, above) is "a")
            above++;
        else if (s_values.TryGetValue(Word(tokens, above), out count) && count < 20)
            above++;
        else
            return Node.Number(BigRational.Of(whole));
        if (tokens.Count > above && tokens[above].Kind == TokenKind.Minus)
            above++;
        if (Part(Word(tokens, above)) is not (> 0 and var below))
            return Node.Number(BigRational.Of(whole));
        at = above + 1;
        return Node.Number(BigRational.Of(whole) + BigRational.Of(count, below));
    }

    private static int Part(string word)
    {
        var singular = word == "halves" ? "half" : word.EndsWith('s') ? word[..^1] : word;
        return Array.IndexOf(s_parts, singular) is >= 0 and var i ? i + 2 : singular switch { "fourth" => 4, "hundredth" => 100, "thousandth" => 1000, _ => 0 };
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
            if (s_values.TryGetValue(word, out var value))
            {
                if (group % 10 != 0 || (value >= 20 && group % 100 != 0) || (value < 20 && group % 100 is > 0 and < 20) || (value is >= 10 and < 20 && group % 100 != 0))
                    break;
                group += value;
            }
            else if (word == "hundred" && group is > 0 and < 10)
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
