namespace ParallelR1.Grading.Semantic;

internal sealed partial class Lexer
{
    private void OpenBrace(BraceKind kind)
    {
        var single = kind == BraceKind.Group && TakesSingle();
        if (kind == BraceKind.Group && Peek(1) == '}' && !single && !(_tokens.Count > 0 && NeedsArgument(_tokens[^1].Kind)))
        {
            _at += 2;
            return;
        }

        var argument = single || (_tokens.Count > 0 && (NeedsArgument(_tokens[^1].Kind) || _tokens[^1].Kind == TokenKind.GroupClose));
        _braces.Add(new Brace(kind, _segment, _singles, kind == BraceKind.Group && _segment == 0 && !argument));
        _singles = 0;
        _at++;
        if (kind == BraceKind.Text)
        {
            _textDepth++;
            return;
        }

        if (kind == BraceKind.Box)
            _segment = -++_segments;
        Add(TokenKind.GroupOpen, "{");
    }

    private static bool NeedsArgument(TokenKind kind) =>
        kind is TokenKind.Root or TokenKind.Fraction or TokenKind.Caret or TokenKind.Underscore or TokenKind.Binomial or TokenKind.Function;

    private void CloseBrace()
    {
        _at++;
        if (_braces.Count == 0)
        {
            Add(TokenKind.Unknown, "}");
            return;
        }

        var brace = _braces[^1];
        _braces.RemoveAt(_braces.Count - 1);
        _singles = brace.Singles;
        if (brace.Kind == BraceKind.Text)
        {
            _textDepth--;
            return;
        }

        if (brace.Kind == BraceKind.Modulus)
        {
            Add(TokenKind.ParenClose, ")");
            return;
        }

        Add(TokenKind.GroupClose, "}");
        _segment = brace.Segment;
    }

    /// <summary>A dollar sign opens or closes a formula, unless it can only be a price.</summary>
    private void Dollar()
    {
        _space = true;
        if (Peek(1) == '$')
        {
            _segment = _segment > 0 ? 0 : ++_segments;
            _at += 2;
            return;
        }

        if (_segment > 0)
        {
            _segment = 0;
            _at++;
            return;
        }

        var close = NextDollar(_at + 1);
        var money = char.IsAsciiDigit(Peek(1)) || Peek(1) is ' ' or '.' or '-' or '(';
        if (close < 0 || (money && close + 1 < _text.Length && char.IsAsciiDigit(_text[close + 1])))
        {
            AddChar(TokenKind.Currency, "$");
            return;
        }

        if (_segment == 0)
            _segment = ++_segments;
        _at++;
    }

    private int NextDollar(int from)
    {
        for (var i = from; i < _text.Length; i++)
        {
            if (_text[i] == '\\')
                i++;
            else if (_text[i] == '$')
                return i;
        }

        return -1;
    }
}
