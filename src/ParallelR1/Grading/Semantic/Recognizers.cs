using System.Collections.Frozen;
using System.Globalization;
using ParallelR1.Grading.Semantic.Sentences;

namespace ParallelR1.Grading.Semantic;

/// <summary>Whole answers that are no expressions: choices, numerals in a base, dates, times, and a few words with a meaning.</summary>
internal static class Recognizers
{
    private static readonly string[] Months =
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ];

    private static readonly FrozenDictionary<string, int> Bases = new Dictionary<string, int>
    {
        ["two"] = 2,
        ["three"] = 3,
        ["four"] = 4,
        ["five"] = 5,
        ["six"] = 6,
        ["seven"] = 7,
        ["eight"] = 8,
        ["nine"] = 9,
        ["ten"] = 10,
        ["eleven"] = 11,
        ["twelve"] = 12,
        ["thirteen"] = 13,
        ["fourteen"] = 14,
        ["fifteen"] = 15,
        ["sixteen"] = 16,
    }.ToFrozenDictionary();

    /// <summary>The answer that the tokens are as a whole, or null.</summary>
    public static Node? Read(List<Token> tokens, Budget budget)
    {
        if (tokens.Count is 0 or > 16)
            return null;
        if (tokens is [{ Kind: TokenKind.Number }])
            return null;
        return Choice(tokens, whole: true) ?? BaseNumber(tokens) ?? Date(tokens) ?? Clock(tokens) ?? Phrase(tokens, budget) ?? Congruence(tokens, budget) ?? NumberWords.Read(tokens);
    }

    /// <summary>The letter of a choice; unless <paramref name="whole"/>, what follows the letter does not matter if brackets or a mark set it off.</summary>
    public static Node? Choice(List<Token> tokens, bool whole)
    {
        var i = 0;
        if (i < tokens.Count && tokens[i].Kind == TokenKind.Word && tokens[i].Text.ToLowerInvariant() is "option" or "choice" or "answer")
            i++;
        while (i < tokens.Count && tokens[i].Kind is TokenKind.GroupOpen or TokenKind.ParenOpen or TokenKind.Colon)
            i++;
        if (i >= tokens.Count || tokens[i] is not { Kind: TokenKind.Word, Text: [>= 'A' and <= 'Z'] })
            return null;
        var letter = new Node(NodeKind.Choice, tokens[i++].Text);
        var closed = i;
        while (i < tokens.Count && tokens[i].Kind is TokenKind.GroupClose or TokenKind.ParenClose or TokenKind.Dot or TokenKind.Colon or TokenKind.Factorial)
            i++;
        if (i == tokens.Count)
            return letter;
        // "C. $4\sqrt{2}$": the option written out behind its letter
        var text = tokens[i].Kind == TokenKind.Comma ? i + 1 : i;
        if (!whole && text < tokens.Count && tokens[text].Segment > 0 && tokens[closed - 1].Segment == 0 && tokens.FindIndex(text, t => t.Segment != tokens[text].Segment) < 0)
            return letter;
        return !whole && i > closed && tokens.Skip(closed).Take(i - closed).Any(t => t.Kind is TokenKind.ParenClose or TokenKind.Dot or TokenKind.Colon)
            && !tokens.Skip(i).Any(t => t is { Kind: TokenKind.Word, Text: [>= 'A' and <= 'Z'] } || Lexicon.IsHedge(t.Text.ToLowerInvariant())) ? letter : null;
    }

    /// <summary><c>a = b (mod m)</c>.</summary>
    private static Node? Congruence(List<Token> tokens, Budget budget)
    {
        var mod = tokens.FindLastIndex(t => t is { Kind: TokenKind.Word, Text: "mod" });
        if (mod < 2)
            return null;
        var bracket = tokens[mod - 1].Kind == TokenKind.ParenOpen;
        var end = bracket ? tokens.Count - 1 : tokens.Count;
        if (bracket && tokens[^1].Kind != TokenKind.ParenClose)
            return null;
        return Parser.ParseAll(tokens, 0, bracket ? mod - 1 : mod, budget) is { Kind: NodeKind.Relation, Name: "=" } relation
            && Parser.ParseAll(tokens, mod + 1, end, budget) is { IsExpression: true } modulus
            ? new Node(NodeKind.Congruence, "", relation.Items[0], relation.Items[1], modulus)
            : null;
    }

    /// <summary>Digits with a subscript, "base n" or "in base n".</summary>
    private static Node? BaseNumber(List<Token> tokens)
    {
        int end = tokens.Count, i = 0;
        while (i < end && tokens[i].Kind is TokenKind.ParenOpen or TokenKind.GroupOpen)
            i++;
        var spelled = i < end && tokens[i].Kind == TokenKind.Word
            ? tokens[i].Text.ToLowerInvariant() switch { "binary" => 2, "octal" => 8, "decimal" => 10, "hexadecimal" => 16, _ => 0 } : 0;
        if (spelled > 0)
            i++;
        var start = i;
        var digits = "";
        while (i < end && tokens[i].Kind is TokenKind.Number or TokenKind.Word && (i == start || !tokens[i].Space))
            digits += tokens[i++].Text;
        if (i == start || digits.Contains('|', StringComparison.Ordinal))
            return null;
        while (i < end && tokens[i].Kind is TokenKind.ParenClose or TokenKind.GroupClose)
            i++;

        if (spelled > 0 && i == end)
            return digits.ToUpperInvariant().All(c => Digit(c) < spelled) ? new Node(NodeKind.BaseNumber, Trim(digits.ToUpperInvariant()), BigRational.Of(spelled)) : null;
        var named = false;
        while (i < end && (tokens[i].Kind is TokenKind.Underscore or TokenKind.GroupOpen or TokenKind.ParenOpen or TokenKind.Minus || IsBaseWord(tokens[i])))
        {
            named |= tokens[i].Kind == TokenKind.Underscore || tokens[i].Text.Equals("base", StringComparison.OrdinalIgnoreCase);
            i++;
        }

        if (!named || i >= end || Base(tokens[i].Text) is not { } radix || radix is < 2 or > 36)
            return null;
        for (i++; i < end; i++)
        {
            if (tokens[i].Kind is not (TokenKind.ParenClose or TokenKind.GroupClose or TokenKind.Dot))
                return null;
        }

        digits = digits.ToUpperInvariant();
        return digits.All(c => c == '.' || Digit(c) < radix) ? new Node(NodeKind.BaseNumber, Trim(digits), BigRational.Of(radix)) : null;
    }

    private static bool IsBaseWord(Token token) => token.Kind == TokenKind.Word && token.Text.ToLowerInvariant() is "in" or "base";

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : c is >= 'A' and <= 'Z' ? c - 'A' + 10 : 99;

    private static string Trim(string digits)
    {
        digits = digits.TrimStart('0');
        if (digits.Contains('.', StringComparison.Ordinal))
            digits = digits.TrimEnd('0').TrimEnd('.');
        return digits;
    }

    private static int? Base(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : Bases.TryGetValue(text.ToLowerInvariant(), out number) ? number : null;

    /// <summary>A date in a sentence: a month with a capital letter and the day in either order, with a year where one follows, before no word that the number may count.</summary>
    public static Node? ReadDate(List<Token> tokens, int start, out int end)
    {
        end = start;
        var dayFirst = tokens[start] is { Kind: TokenKind.Number, Text.Length: <= 2 };
        for (var found = 0; found < 2; end++)
        {
            if (end >= tokens.Count || end > start + 3)
                return null;
            var isMonth = tokens[end] is { Kind: TokenKind.Word, Text: [>= 'A' and <= 'Z', ..] } && Month(tokens[end].Text.ToLowerInvariant()) > 0;
            if (isMonth || (tokens[end] is { Kind: TokenKind.Number, Text.Length: <= 2 } && (dayFirst ? end == start : found == 1)))
                found++;
            else if (!(found == 1 && dayFirst && tokens[end] is { Kind: TokenKind.Word, Text: "st" or "nd" or "rd" or "th" or "of" }))
                return null;
        }

        var isOrdinal = !dayFirst && end < tokens.Count && tokens[end] is { Kind: TokenKind.Word, Space: false, Text: "st" or "nd" or "rd" or "th" };
        if (isOrdinal)
            end++;
        if (end + 1 < tokens.Count && tokens[end].Kind == TokenKind.Comma && tokens[end + 1] is { Kind: TokenKind.Number, Text.Length: 4 })
            end += 2;
        return isOrdinal || end >= tokens.Count || tokens[end].Kind is TokenKind.Dot or TokenKind.Comma ? Date(tokens.GetRange(start, end - start)) : null;
    }

    private static Node? Clock(List<Token> tokens) => ClockWords.Read(tokens, 0, out var end) is { } time && end == tokens.Count ? time : null;

    /// <summary>A month and a day in either order, with "th", "of", a comma and a year where they stand.</summary>
    private static Node? Date(List<Token> tokens)
    {
        int month = 0, day = 0, year = 0;
        foreach (var token in tokens)
        {
            var word = token.Text.ToLowerInvariant();
            if (token.Kind == TokenKind.Word && month == 0 && Month(word) is > 0 and var found)
                month = found;
            else if (token.Kind == TokenKind.Number && token.Text.Length <= 2 && day == 0)
                _ = int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out day);
            else if (token.Kind == TokenKind.Number && token.Text.Length == 4 && year == 0)
                _ = int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out year);
            else if (!(token.Kind is TokenKind.Comma or TokenKind.Dot or TokenKind.Caret or TokenKind.GroupOpen or TokenKind.GroupClose
                || word is "st" or "nd" or "rd" or "th" or "of" or "the" or "on"))
                return null;
        }

        if (month == 0 || day is < 1 or > 31)
            return null;
        return year == 0
            ? new Node(NodeKind.Date, "", Node.Number(month), Node.Number(day))
            : new Node(NodeKind.Date, "", Node.Number(month), Node.Number(day), Node.Number(year));
    }

    private static int Month(string word)
    {
        for (var i = 0; i < Months.Length; i++)
        {
            if (word == Months[i] || (word.Length >= 3 && Months[i].StartsWith(word, StringComparison.Ordinal) && word.Length <= 4))
                return i + 1;
        }

        return 0;
    }

    /// <summary>Sets in words: the real numbers or some of them, and nothing.</summary>
    public static Node? Phrase(List<Token> tokens, Budget budget)
    {
        if (tokens is [{ Kind: TokenKind.Word, Text: "negative" or "minus" or "Negative" }, { Kind: TokenKind.Symbol, Text: "∞" }])
            return Node.Negative(Node.Infinity);
        if (AllBut(tokens, budget) is { } rest)
            return rest;
        if (IsEmptiness(tokens))
            return Node.EmptySet;
        if (tokens.Count > 6 || tokens.Any(t => t.Kind != TokenKind.Word))
            return HalfDay(tokens);
        return string.Join(' ', tokens.Select(t => t.Text.ToLowerInvariant())) switch
        {
            "empty set" or "the empty set" => Node.EmptySet,
            "all positive real numbers" or "positive real numbers" or "all positive reals" or "the positive real numbers" => Node.Positive,
            "all negative real numbers" or "negative real numbers" or "all negative reals" or "the negative real numbers" => Node.NegativeReals,
            "all real numbers" or "all reals" or "the real numbers" or "all real values" or "any real number" or "every real number" or "all real x"
                or "all real values of x" or "any real x" or "every real x" => Node.Reals,
            _ => null,
        };
    }

    private static readonly FrozenSet<string> s_neutral = Lexicon.Words(
        "there is are exist exists has have had admits the this that it its equation equations system inequality problem x n we find found get so thus hence therefore then can be in any such real integer integral rational positive at all here given");

    /// <summary>Whether the words say that there is no solution: "no solution", "the equation has no real roots", "there are no such numbers".</summary>
    private static bool IsEmptiness(List<Token> tokens)
    {
        var no = tokens.FindIndex(t => t.Kind == TokenKind.Word && t.Text.ToLowerInvariant() is "no" or "without");
        if (no < 0)
            return false;
        var nouns = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i == no || (i == tokens.Count - 1 && tokens[i].Kind == TokenKind.Dot))
                continue;
            if (tokens[i].Kind != TokenKind.Word)
                return false;
            var word = tokens[i].Text.ToLowerInvariant();
            if (i > no && word is "solution" or "solutions" or "root" or "roots" || (i > no + 1 && word is "number" or "numbers" or "value" or "values" or "integers" or "integer" && tokens[no + 1].Text == "such"))
                nouns++;
            else if (!s_neutral.Contains(word))
                return false;
        }

        return nouns == 1;
    }

    /// <summary>"All real numbers except 2": the real numbers without some.</summary>
    private static Node? AllBut(List<Token> tokens, Budget budget)
    {
        var at = 0;
        while (at < tokens.Count && tokens[at].Kind == TokenKind.Word
            && tokens[at].Text.ToLowerInvariant() is "all" or "the" or "real" or "reals" or "numbers" or "values" or "every" or "number" or "any")
            at++;
        if (at is 0 or > 4 || !tokens.Take(at).Any(t => t.Text.StartsWith("real", StringComparison.OrdinalIgnoreCase)) || at >= tokens.Count || tokens[at].Kind != TokenKind.Word)
            return null;
        if (tokens[at].Text.ToLowerInvariant() is not ("except" or "but" or "excluding" or "other" or "without" or "not"))
            return null;
        at += at + 1 < tokens.Count && tokens[at + 1] is { Kind: TokenKind.Word, Text: "for" or "than" or "equal" } ? 2 : 1;
        if (at < tokens.Count && tokens[at] is { Kind: TokenKind.Word, Text: "to" } && tokens[at - 1].Text == "equal")
            at++;
        if (Parser.ParseAll(tokens, at, tokens.Count, budget) is not { } excluded)
            return null;
        if (excluded is { Kind: NodeKind.Relation, Name: "=" })
            excluded = excluded.Items[^1];
        var items = excluded.Kind is NodeKind.List or NodeKind.Set ? excluded.Items : [excluded];
        return Array.TrueForAll(items, i => i.IsExpression) ? new Node(NodeKind.SetOperation, "minus", Node.Reals, new Node(NodeKind.Set, "", items)) : null;
    }

    /// <summary>A full hour with "a.m." or "p.m.", which the parser would take for a product.</summary>
    private static Node? HalfDay(List<Token> tokens) =>
        tokens is [{ Kind: TokenKind.Number, Text.Length: <= 2 } hour, { Kind: TokenKind.Word } half] && half.Text.ToLowerInvariant() is "am" or "pm"
            ? new Node(NodeKind.Ratio, half.Text.ToLowerInvariant(), NumberText.Parse(hour.Text)!, Node.Number(0))
            : null;
}
