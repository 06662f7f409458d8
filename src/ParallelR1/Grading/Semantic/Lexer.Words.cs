namespace ParallelR1.Grading.Semantic;

internal sealed partial class Lexer
{
    private void Word()
    {
        var start = _at;
        if (TakesSingle() || IsIndex())
            _at++;
        else
            while (_at < _text.Length && char.IsLetter(_text[_at]))
                _at++;
        var word = _text[start.._at];

        if (word is "a" or "p" or "A" or "P" && Peek(0) == '.' && Peek(1) is 'm' or 'M' && !char.IsLetter(Peek(2)))
        {
            word += _text[_at + 1];
            _at += Peek(2) == '.' ? 3 : 2;
        }
        else if (word is "x" or "X" && _space && Peek(0) == ' ' && _tokens.Count > 0 && _tokens[^1].Kind == TokenKind.Number && char.IsAsciiDigit(Peek(1)))
        {
            Add(TokenKind.Times, "*");
            return;
        }

        AddWord(word);
    }

    private void AddWord(string word)
    {
        var lower = word.ToLowerInvariant();
        switch (lower)
        {
            case "pi":
                Add(TokenKind.Symbol, "π");
                return;
            case "infinity" or "inf" or "infty" or "oo":
                Add(TokenKind.Symbol, "∞");
                return;
            case "sqrt":
                Add(TokenKind.Root, "sqrt");
                return;
            case "theta" or "alpha" or "beta" or "gamma" or "lambda":
                Add(TokenKind.Symbol, lower);
                return;
            case "minus" when _tokens is [.., { Kind: TokenKind.Word, Text: "plus" or "Plus" }, { Kind: TokenKind.Word, Text: "or" }]:
                _tokens.RemoveRange(_tokens.Count - 2, 2);
                Add(TokenKind.PlusMinus, "+-");
                return;
            case "percent":
                Add(TokenKind.Percent, "%");
                return;
            case "cent" when _tokens.Count > 0 && _tokens[^1] is { Kind: TokenKind.Word, Text: "per" }:
                _tokens.RemoveAt(_tokens.Count - 1);
                _space = true;
                Add(TokenKind.Percent, "%");
                return;
            default:
                break;
        }

        if (LatexCommands.Functions.Contains(word) || (LatexCommands.Bracketed.Contains(word) && (Peek(0) == '(' || (Peek(0) == '}' && Peek(1) is '(' or '\\' or '{'))))
            Add(TokenKind.Function, word);
        else if (!IsCost(word) && GluedFunction(word) is { } name)
        {
            Add(TokenKind.Function, name);
            AddWord(word[name.Length..]);
        }
        else
            Add(TokenKind.Word, word);
    }

    /// <summary>Whether the word is a price and no cosine: another word stands before it ("the total cost").</summary>
    private bool IsCost(string word) => word == "cost" && _tokens is [.., { Kind: TokenKind.Word, Text.Length: > 1 }];

    /// <summary>The function in a word such as <c>sinx</c> or <c>lnx</c>.</summary>
    private static string? GluedFunction(string word)
    {
        foreach (var name in (ReadOnlySpan<string>)["sin", "cos", "tan", "ln", "log"])
        {
            if (word.Length == name.Length + 1 && word.StartsWith(name, StringComparison.Ordinal) && word[^1] is 'x' or 'y' or 't' or 'a' or 'b')
                return name;
        }

        return null;
    }
}
