namespace ParallelR1.Grading.Semantic;

/// <summary>Numbers, names, functions and everything between brackets.</summary>
internal sealed partial class Parser
{
    private Node? Primary()
    {
        var token = Here;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _at++;
                if (NumberText.Parse(token.Text) is not { } number)
                    return null;
                return Here is { Kind: TokenKind.Word, Text: "C" or "P", Space: false } && Ahead(1) is { Kind: TokenKind.Number, Space: false } ? Choices(number)
                    : Mixed(number, token.Text);
            case TokenKind.Word:
                return Variables();
            case TokenKind.Symbol:
                _at++;
                return token.Text switch
                {
                    "π" => Node.Pi,
                    "∞" => Node.Infinity,
                    "i" => Node.Imaginary,
                    _ => Subscripted(token.Text),
                };
            case TokenKind.Currency:
                _at++;
                return Deeper(p => p.SignedFactor()) is { IsExpression: true } amount ? UnitMarks.Mark(token.Text, amount) : null;
            case TokenKind.EmptySet:
                _at++;
                return Node.EmptySet;
            case TokenKind.Reals:
                _at++;
                return HalfLine() ?? Node.Reals;
            case TokenKind.Fraction:
                return Fraction();
            case TokenKind.Binomial:
                _at++;
                return Argument() is { } above && Argument() is { } below ? Node.Function("binom", above, below) : null;
            case TokenKind.Root:
                return Root();
            case TokenKind.Function:
                return Function();
            case TokenKind.BigOperator:
                return Deeper(p => p.BigOperator());
            case TokenKind.Underscore or TokenKind.Caret:
                _at++;
                return Argument() is { IsExpression: true } from && Here is { Kind: TokenKind.Word, Text: "C" or "P" } ? Choices(from) : null;
            case TokenKind.Mark:
                _at++;
                return Argument() is { } marked ? Node.Function("mark " + token.Text, marked) : null;
            case TokenKind.Begin:
                return Deeper(p => p.Matrix());
            case TokenKind.Bar:
                return Deeper(p => p.Absolute());
            case TokenKind.FloorOpen:
                return Deeper(p => p.Floor());
            default:
                return Deeper(p => p.Bracketed());
        }
    }

    /// <summary>The real numbers of one sign, by a sign in the exponent.</summary>
    private Node? HalfLine()
    {
        var grouped = Ahead(1).Kind == TokenKind.GroupOpen;
        var sign = Ahead(grouped ? 2 : 1).Kind;
        if (!Is(TokenKind.Caret) || sign is not (TokenKind.Plus or TokenKind.Minus) || (grouped && Ahead(3).Kind != TokenKind.GroupClose))
            return null;
        _at += grouped ? 4 : 2;
        return sign == TokenKind.Plus ? Node.Positive : Node.NegativeReals;
    }

    /// <summary>Combinations or permutations written as in <c>12C4</c> or <c>{}_{12}C_4</c>.</summary>
    private Node? Choices(Node from)
    {
        var name = Here.Text == "C" ? "binom" : "permutations";
        _at++;
        _ = Take(TokenKind.Underscore);
        return Argument() is { IsExpression: true } chosen ? Node.Function(name, from, chosen) : null;
    }

    /// <summary>A sum or product over a range; written out where the bounds are numbers.</summary>
    private Node? BigOperator()
    {
        var name = Here.Text;
        _at++;
        Node? below = null, above = null;
        for (var i = 0; i < 2; i++)
        {
            if (below is null && Take(TokenKind.Underscore))
                below = Argument();
            else if (above is null && Take(TokenKind.Caret))
                above = Exponent();
        }

        if (below is not { Kind: NodeKind.Relation, Name: "=", Items: [{ Kind: NodeKind.Symbol or NodeKind.Imaginary } index, { IsExpression: true } from] }
            || above is not { IsExpression: true })
            return null;
        return Product() is { IsExpression: true } body ? Progressions.OverRange(name, body, index.Name, from, above) : null;
    }

    /// <summary>A number with the fraction after it, if that makes a mixed number.</summary>
    private Node? Mixed(Node number, string text)
    {
        if (!text.All(char.IsAsciiDigit))
            return number;
        if (Is(TokenKind.Fraction))
        {
            var start = _at;
            if (Fraction() is { Kind: NodeKind.Product } fraction && SimpleFraction(fraction) is { } value)
                return Node.Number(number.Value + value);
            _at = start;
        }
        else if (Is(TokenKind.Number) && Here.Space && Ahead(1).Kind == TokenKind.Divide && !Ahead(1).Space && Ahead(2).Kind == TokenKind.Number)
        {
            if (Here.Text.Length > 18 || Ahead(2).Text.Length > 18 || !long.TryParse(Here.Text, out var above) || !long.TryParse(Ahead(2).Text, out var below) || below == 0)
                return null;
            _at += 3;
            return Node.Number(number.Value + BigRational.Of(above, below));
        }

        return number;
    }

    private static BigRational? SimpleFraction(Node fraction)
    {
        var above = fraction.Items[0];
        var below = fraction.Items[1].Items[0];
        return above.Kind == NodeKind.Number && below.Kind == NodeKind.Number && above.Value.IsInteger && below.Value.IsInteger
            && above.Value.Sign > 0 && below.Value.Sign > 0
            ? BigRational.Of(above.Value.Numerator, below.Value.Numerator)
            : null;
    }

    private Node? Variables()
    {
        var word = Here.Text;
        if (!IsVariable())
            return null;
        if (word.Length > 1)
        {
            _letters++;
            return Letter(word[..1]);
        }

        _at++;
        _letters = 0;
        var name = word;
        if ((name is "f" or "g" or "h" or "p" or "q" || char.IsAsciiLetterUpper(name[0])) && Is(TokenKind.ParenOpen) && !Here.Space)
            return Deeper(p => p.Bracketed()) is { } argument && argument.Kind is not NodeKind.Relation ? Node.Function("call " + name, argument) : null;
        return Subscripted(name);
    }

    private static Node Letter(string name) => name switch
    {
        "i" => Node.Imaginary,
        "e" => Node.Euler,
        _ => Node.Symbol(name),
    };

    /// <summary>A symbol with its subscript and primes.</summary>
    private Node? Subscripted(string name)
    {
        if (Take(TokenKind.Underscore))
        {
            var start = _at;
            if (Argument() is null)
                return null;
            name += "_" + string.Concat(_tokens.Skip(start).Take(_at - start).Where(t => t.Kind is not (TokenKind.GroupOpen or TokenKind.GroupClose)).Select(t => t.Text));
            while (Take(TokenKind.Prime))
                name += "'";
            return Node.Symbol(name);
        }

        if (Is(TokenKind.Prime))
        {
            while (Take(TokenKind.Prime))
                name += "'";
            return Node.Symbol(name);
        }

        return Letter(name);
    }

    /// <summary>A group, or a single number, letter or symbol.</summary>
    private Node? Argument()
    {
        var token = Here;
        switch (token.Kind)
        {
            case TokenKind.GroupOpen:
                return Deeper(p => p.Bracketed());
            case TokenKind.Number:
                _at++;
                return NumberText.Parse(token.Text);
            case TokenKind.Word when token.Text.Length == 1:
                _at++;
                return Letter(token.Text);
            case TokenKind.Word when token.Text.All(char.IsAsciiLetter) && token.Text.Length < 6:
                _at++;
                return Node.Symbol(token.Text);
            case TokenKind.Symbol:
            case TokenKind.Fraction:
            case TokenKind.Root:
                return Deeper(p => p.Primary());
            default:
                return null;
        }
    }
}
