namespace ParallelR1.Grading.Semantic;

/// <summary>Splits an answer, LaTeX or plain, into tokens. One pass; every character is looked at a bounded number of times.</summary>
internal sealed partial class Lexer
{
    /// <summary>Tokens beyond which an answer is not understood.</summary>
    public const int MaximumTokens = 1500;

    private readonly string _text;
    private readonly List<Token> _tokens = new(16);
    private readonly List<Brace> _braces = [];
    private int _at;
    private bool _space;
    private int _textDepth;
    private int _segment;
    private int _segments;
    private int _brackets;
    private int _singles;

    private Lexer(string text) => _text = text;

    private enum BraceKind
    {
        Group,
        Text,
        Box,

        /// <summary>What <c>\pmod</c> holds: its end is a closing bracket.</summary>
        Modulus,
    }

    /// <summary>An open brace, what to restore at its end, and whether it may enclose a set written without backslashes.</summary>
    private readonly record struct Brace(BraceKind Kind, int Segment, int Singles, bool Plain);

    /// <summary>The tokens of a text, without a final full stop; null where there are too many.</summary>
    public static List<Token>? Read(string text)
    {
        var lexer = new Lexer(CharacterFolding.Fold(text));
        while (lexer._at < lexer._text.Length)
        {
            lexer.Next();
            if (lexer._tokens.Count > MaximumTokens)
                return null;
        }

        lexer.DropLoneMarks();
        return lexer._tokens;
    }

    private void Next()
    {
        var c = _text[_at];
        if (c == '~' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) == ' ' && char.IsAsciiDigit(Peek(2)))) && (_at == 0 || _text[_at - 1] == ' '))
        {
            AddChar(TokenKind.Relation, "~");
        }
        else if (char.IsWhiteSpace(c) || c == '~')
        {
            _space = true;
            _at++;
        }
        else if (c == '\\')
        {
            Command();
        }
        else if (char.IsAsciiDigit(c) || (c == '.' && StartsFraction()))
        {
            Number();
        }
        else if (char.IsLetter(c))
        {
            Word();
        }
        else
        {
            Mark(c);
        }
    }

    private void Add(TokenKind kind, string text)
    {
        _tokens.Add(new Token(kind, text, _space, _textDepth > 0, _segment));
        _space = false;
    }

    private void AddChar(TokenKind kind, string text, int width = 1)
    {
        Add(kind, text);
        _at += width;
    }

    private bool StartsFraction()
    {
        var next = Peek(1);
        var after = _tokens.Count > 0 && !_space ? _tokens[^1].Kind : TokenKind.End;
        return (char.IsAsciiDigit(next) && after != TokenKind.Word) || Starts("\\overline{", _at + 1);
    }

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private bool Starts(string what, int at) => string.CompareOrdinal(_text, at, what, 0, what.Length) == 0;

    private void Mark(char c)
    {
        switch (c)
        {
            case '$':
                Dollar();
                break;
            case '{':
                OpenBrace(BraceKind.Group);
                break;
            case '}':
                CloseBrace();
                break;
            case '*':
                Star();
                break;
            case '`' or '"':
                _at++;
                break;
            case '_' when Peek(1) == '_' || (_at == 0 && Peek(1) != '{') || _at == _text.Length - 1:
                _at++;
                break;
            case '#' when _tokens.Count == 0:
                _at++;
                break;
            case '^' when Starts("^\\circ", _at):
                AddChar(TokenKind.Degree, "°", 6);
                break;
            case '^' when Starts("^{\\circ}", _at):
                AddChar(TokenKind.Degree, "°", 8);
                break;
            case '^' when Starts("^{\\degree }", _at):
                AddChar(TokenKind.Degree, "°", 11);
                break;
            case '.' when Starts("...", _at):
                AddChar(TokenKind.Dots, "…", 3);
                break;
            case '+' when Starts("+/-", _at):
                AddChar(TokenKind.PlusMinus, "+-", 3);
                break;
            case '+' when Peek(1) == '-':
                AddChar(TokenKind.PlusMinus, "+-", 2);
                break;
            default:
                if (!Comparison(c))
                    Simple(c);
                break;
        }
    }

    private bool Comparison(char c)
    {
        var two = Peek(1) == '=' && c is '<' or '>' or '!' or '=';
        var name = c switch
        {
            '<' => Peek(1) == '=' ? "<=" : "<",
            '>' => Peek(1) == '=' ? ">=" : ">",
            '=' => "=",
            '!' when Peek(1) == '=' && Peek(2) != '=' => "!=",
            _ => null,
        };
        if (name is null)
            return false;
        AddChar(TokenKind.Relation, name, two && Peek(1) == '=' ? 2 : 1);
        return true;
    }

    private void Simple(char c)
    {
        if (c is '(' or '[')
            _brackets++;
        if (c is ')' or ']')
            _brackets--;
        var kind = c switch
        {
            '+' => TokenKind.Plus,
            '-' => TokenKind.Minus,
            '/' => TokenKind.Divide,
            '^' => TokenKind.Caret,
            '_' => TokenKind.Underscore,
            '!' => TokenKind.Factorial,
            '%' => TokenKind.Percent,
            '\'' => TokenKind.Prime,
            ',' => TokenKind.Comma,
            ';' => TokenKind.Semicolon,
            ':' => TokenKind.Colon,
            '.' => TokenKind.Dot,
            '|' => TokenKind.Bar,
            '(' => TokenKind.ParenOpen,
            ')' => TokenKind.ParenClose,
            '[' => TokenKind.BracketOpen,
            ']' => TokenKind.BracketClose,
            '&' => TokenKind.Cell,
            _ => TokenKind.Unknown,
        };
        AddChar(kind, c.ToString());
    }

    /// <summary>A star multiplies between two things; two stars are a power between two things, and otherwise bold print.</summary>
    private void Star()
    {
        var width = Peek(1) == '*' ? 2 : 1;
        var next = Peek(width);
        var joins = _tokens.Count > 0 && _at + width < _text.Length && next != '*'
            && _tokens[^1].Kind is TokenKind.Number or TokenKind.Word or TokenKind.Symbol or TokenKind.ParenClose or TokenKind.GroupClose
                or TokenKind.BracketClose or TokenKind.Factorial;
        if (joins && width == 1)
            Add(TokenKind.Times, "*");
        else if (joins && !_space && (char.IsLetterOrDigit(next) || next is '(' or '-') && !(_tokens[^1].Kind == TokenKind.Word && char.IsLetter(next)))
            Add(TokenKind.Caret, "^");
        else
            _space = true;
        _at += width;
    }

    /// <summary>In LaTeX one letter alone is an index or exponent without braces.</summary>
    private bool IsIndex() => !_space && _tokens.Count > 0 && _tokens[^1].Kind is TokenKind.Underscore or TokenKind.Caret
        && (_segment != 0 || _text.Contains('\\', StringComparison.Ordinal));

    /// <summary>After <c>\frac</c> without braces a single character is an argument.</summary>
    private bool TakesSingle()
    {
        if (_singles == 0)
            return false;
        _singles--;
        return true;
    }

    /// <summary>A full stop says nothing at the end of the text or of a formula, nor does a comma or a colon at the end.</summary>
    private void DropLoneMarks()
    {
        var end = true;
        for (var i = _tokens.Count - 1; i >= 0; i--)
        {
            var kind = _tokens[i].Kind;
            if (kind == TokenKind.Dot && (end || _tokens[i].Segment != _tokens[i + 1].Segment))
                _tokens.RemoveAt(i);
            else if (kind is not (TokenKind.GroupClose or TokenKind.Dot))
                end = false;
        }
    }
}
