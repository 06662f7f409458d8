namespace ParallelR1.Grading.Semantic;

/// <summary>Commands, braces and dollar signs.</summary>
internal sealed partial class Lexer
{
    private void Command()
    {
        var start = ++_at;
        if (start >= _text.Length)
        {
            Add(TokenKind.Unknown, "\\");
            return;
        }

        if (!char.IsAsciiLetter(_text[start]))
        {
            _at++;
            Escape(_text[start]);
            return;
        }

        while (_at < _text.Length && char.IsAsciiLetter(_text[_at]))
            _at++;
        Named(_text[start.._at]);
    }

    private void Escape(char c)
    {
        switch (c)
        {
            case '(' or '[':
                _segment = ++_segments;
                _space = true;
                break;
            case ')' or ']':
                _segment = 0;
                _space = true;
                break;
            case '\\':
                Add(TokenKind.Row, "\\\\");
                SkipLength();
                break;
            case ',' or ';' or ':' or ' ' or '>' or '\t' or '\n':
                _space = true;
                break;
            case '!':
                break;
            default:
                if (LatexCommands.Tokens.TryGetValue(c.ToString(), out var token))
                {
                    _brackets += token.Kind switch { TokenKind.SetOpen => 1, TokenKind.SetClose => -1, _ => 0 };
                    Add(token.Kind, token.Text);
                }
                else
                {
                    Add(TokenKind.Unknown, c.ToString());
                }

                break;
        }
    }

    private void Named(string name)
    {
        if (LatexCommands.Tokens.TryGetValue(name, out var token))
        {
            var single = TakesSingle();
            Add(token.Kind, token.Text);
            if (token.Kind is TokenKind.Fraction or TokenKind.Binomial)
                _singles = 2;
            else if (single && token.Kind == TokenKind.Root)
                _singles++;
        }
        else if (LatexCommands.TextFonts.Contains(name))
        {
            FontArgument();
        }
        else if (name is "pmod" or "pod")
        {
            Modulus();
        }
        else if (name is "boxed" or "fbox")
        {
            SkipSpace();
            if (Peek(0) == '{')
                OpenBrace(BraceKind.Box);
        }
        else if (LatexCommands.Ignored.Contains(name))
        {
            Ignore(name);
        }
        else if (name is "mathbb" or "Bbb")
        {
            Blackboard();
        }
        else if (name is "begin" or "end")
        {
            Environment(name == "begin");
        }
        else if (name is "currency")
        {
            Add(TokenKind.Currency, BraceArgument() ?? "");
        }
        else if (name is "centsign")
        {
            Add(TokenKind.Word, "cents");
        }
        else
        {
            Add(TokenKind.Unknown, "\\" + name);
        }
    }

    private void FontArgument()
    {
        SkipSpace();
        if (Peek(0) == '{')
            OpenBrace(BraceKind.Text);
    }

    private void Ignore(string name)
    {
        if (name is "left" or "right")
        {
            SkipSpace();
            if (Peek(0) == '.')
                _at++;
        }
        else if (name is "quad" or "qquad" or "thinspace" or "enspace")
        {
            _space = true;
        }
        else if (name is "color" or "textcolor" or "colorbox" or "bbox")
        {
            SkipSpace();
            SkipOptional();
            if (name != "bbox")
                _ = BraceArgument();
            _space = true;
        }
        else if (name is "hspace" or "phantom" or "tag" or "label" or "vphantom" or "hphantom")
        {
            _ = BraceArgument();
            _space = true;
        }
    }

    /// <summary>The length behind a line break, as in <c>\\[2pt]</c>.</summary>
    private void SkipLength()
    {
        if (Peek(0) == '[' && (char.IsAsciiDigit(Peek(1)) || Peek(1) is '-' or '.') && _text.IndexOf(']', _at) is > 0 and var close && close - _at < 12
            && char.IsAsciiLetterLower(_text[close - 1]))
            _at = close + 1;
    }

    private void SkipOptional()
    {
        if (Peek(0) == '[' && _text.IndexOf(']', _at) is > 0 and var close && close - _at < 80)
            _at = close + 1;
    }

    /// <summary><c>\pmod 7</c> is <c>(mod 7)</c>.</summary>
    private void Modulus()
    {
        Add(TokenKind.ParenOpen, "(");
        Add(TokenKind.Word, "mod");
        SkipSpace();
        if (Peek(0) == '{')
        {
            _braces.Add(new Brace(BraceKind.Modulus, _segment, _singles, false));
            _at++;
            return;
        }

        if (_at < _text.Length && Peek(0) is not ('$' or '\\'))
            Next();
        Add(TokenKind.ParenClose, ")");
    }

    private void Blackboard()
    {
        SkipSpace();
        var letter = Peek(0) == '{' ? BraceArgument() : _at < _text.Length ? _text[_at++].ToString() : "";
        Add(letter == "R" ? TokenKind.Reals : TokenKind.Symbol, "\\mathbb{" + letter + "}");
    }

    private void Environment(bool begin)
    {
        var name = BraceArgument();
        if (name is "array" && begin)
            _ = BraceArgument();
        if (name is "aligned" or "align" or "align*" or "equation" or "equation*")
            return;
        Add(begin ? TokenKind.Begin : TokenKind.Finish, name ?? "");
    }

    /// <summary>The text of a brace argument without braces in it; null (and nothing taken) where there is none.</summary>
    private string? BraceArgument()
    {
        SkipSpace();
        if (Peek(0) != '{')
            return null;
        var close = _text.IndexOf('}', _at);
        if (close < 0 || close - _at > 40)
            return null;
        var text = _text[(_at + 1)..close];
        _at = close + 1;
        return text;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] == ' ')
            _at++;
    }
}
