namespace ParallelR1.Grading.Semantic;

/// <summary>Sums, products, powers. Juxtaposition is a product; what follows a fraction bar is one factor.</summary>
internal sealed partial class Parser
{
    private const int MaximumPostfixes = 8;

    private int _setColons;
    private int _matrices;
    private int _squares;

    private bool InMatrix => _matrices > 0;

    private Node? Sum()
    {
        var first = SignedTerm(leading: true);
        if (first is null || Here.Kind is not (TokenKind.Plus or TokenKind.Minus or TokenKind.PlusMinus))
            return first;
        if (!first.IsExpression)
            return first.Kind is NodeKind.Tuple or NodeKind.Set && Is(TokenKind.Minus) && Ahead(1).Kind == TokenKind.SetOpen ? first : null;
        var terms = new List<Node> { first };
        while (Here.Kind is TokenKind.Plus or TokenKind.Minus or TokenKind.PlusMinus)
        {
            _budget.Spend();
            if (Is(TokenKind.Plus) && Ahead(1).Kind == TokenKind.Dots)
            {
                _at += 2;
                if (SignedTerm(leading: false) is not { } last || Progressions.Sum(terms, last) is not { } sum)
                    return null;
                terms = [sum];
                continue;
            }

            if (SignedTerm(leading: false) is not { } term)
                return null;
            terms.Add(term);
        }

        return new Node(NodeKind.Sum, "", [.. terms]);
    }

    private Node? SignedTerm(bool leading)
    {
        var sign = Here;
        if (sign.Kind is not (TokenKind.Plus or TokenKind.Minus or TokenKind.PlusMinus))
            return leading ? Product() : null;
        _at++;
        var term = Product();
        if (term is null)
            return null;
        if (term.Kind == NodeKind.Matrix && sign.Kind == TokenKind.Minus)
            return Matrices.Scale(Node.MinusOne, term);
        if (!term.IsExpression)
            return null;
        return sign.Kind switch
        {
            TokenKind.Plus => term,
            TokenKind.Minus => Node.Negative(term),
            _ => new Node(NodeKind.PlusMinus, sign.Text, term),
        };
    }

    private Node? Product()
    {
        var first = Power();
        if (first is null || !(Here.Kind is TokenKind.Times or TokenKind.Divide || StartsFactor() || IsModulo()))
            return first;
        if (!first.IsExpression)
            return null;
        var factors = new List<Node> { first };
        while (true)
        {
            _budget.Spend();
            var divide = Is(TokenKind.Divide);
            var sign = divide || Is(TokenKind.Times);
            if (IsModulo())
            {
                _at++;
                return Power() is { IsExpression: true } modulus
                    ? Node.Function("mod", factors.Count == 1 ? factors[0] : new Node(NodeKind.Product, "", [.. factors]), modulus) : null;
            }

            if (!sign && !StartsFactor())
                return factors.Count == 1 ? factors[0] : new Node(NodeKind.Product, "", [.. factors]);
            if (sign)
                _at++;
            if (sign && Is(TokenKind.Dots) && Ahead(1).Kind == TokenKind.Times)
                _at++;
            if (Is(TokenKind.Dots) || (Is(TokenKind.Times) && _at > 0 && _tokens[_at - 1].Kind == TokenKind.Dots))
            {
                _at++;
                if (Power() is not { } last || Progressions.Product(factors, last) is not { } product)
                    return null;
                factors = [product];
                continue;
            }

            var factor = sign ? SignedFactor() : Power();
            if (factor is { Kind: NodeKind.Matrix } && !divide)
                return Matrices.Scale(factors.Count == 1 ? factors[0] : new Node(NodeKind.Product, "", [.. factors]), factor);
            if (factor is null || !factor.IsExpression)
                return null;
            factors.Add(divide ? Node.Power(factor, Node.MinusOne) : factor);
        }
    }

    private Node? SignedFactor()
    {
        if (Take(TokenKind.Minus))
            return Deeper(p => p.SignedFactor()) is { } negative ? Node.Negative(negative) : null;
        return Take(TokenKind.Plus) ? Deeper(p => p.SignedFactor()) : Power();
    }

    /// <summary>Whether the token can be a factor beside another one. A number cannot: what it would mean is anybody's guess.</summary>
    private bool StartsFactor() => Here.Kind switch
    {
        TokenKind.Fraction => !IsUnitFraction(),
        TokenKind.Dots => Ahead(1).Kind is TokenKind.Number or TokenKind.Times && _at > 0 && _tokens[_at - 1].Kind is TokenKind.Number,
        TokenKind.Begin => true,
        TokenKind.Number => _at > 0 && ((_tokens[_at - 1] is { Kind: TokenKind.Symbol, Text: "π" })
            || (_tokens[_at - 1].Kind == TokenKind.Factorial && Ahead(1).Kind == TokenKind.Factorial)),
        TokenKind.Symbol or TokenKind.Function or TokenKind.BigOperator or TokenKind.Root or TokenKind.Binomial or TokenKind.GroupOpen
            or TokenKind.ParenOpen or TokenKind.FloorOpen => true,
        TokenKind.BracketOpen => Ahead(1).Kind is not (TokenKind.End or TokenKind.SetOperation or TokenKind.Relation),
        TokenKind.Bar => _bars == 0,
        TokenKind.Word => IsVariable(),
        _ => false,
    };

    private bool IsModulo() => IsWord("mod") && Ahead(1).Kind is TokenKind.Number or TokenKind.Word or TokenKind.GroupOpen;

    /// <summary>Whether a fraction of units in upright letters begins here.</summary>
    private bool IsUnitFraction() => Is(TokenKind.Fraction) && Ahead(1).Kind == TokenKind.GroupOpen && Ahead(2) is { Kind: TokenKind.Word, IsText: true } unit
        && Units.IsKnown(unit.Text);

    /// <summary>Whether the word here is a product of variables rather than a unit or a word of a sentence.</summary>
    private bool IsVariable()
    {
        var token = Here;
        if (_letters > 0)
            return true;
        if (_isPart && token.Space && token.Segment == 0)
            return false;
        if (token.Text == "U" && Ahead(1).Kind is TokenKind.ParenOpen or TokenKind.BracketOpen or TokenKind.SetOpen && _at > 0
            && _tokens[_at - 1].Kind is TokenKind.ParenClose or TokenKind.BracketClose or TokenKind.SetClose)
            return false;
        if (token.Text.Length == 1)
        {
            if (token.Text is "i" or "e")
                return true;
            if (Units.IsKnown(token.Text) && (token.IsText || (token.Space && token.Segment == 0)))
                return false;
            return token.Text != "a" || !token.Space || Ahead(1).Kind != TokenKind.Word;
        }

        if (token.IsText || token.Text.Length > 3 || Units.IsKnown(token.Text) || Units.Never.Contains(token.Text.ToLowerInvariant())
            || ShortWords.Contains(token.Text.ToLowerInvariant()))
            return false;
        return token.Text.All(char.IsAsciiLetterLower) || (token.Text.Length == 2 && token.Text.All(char.IsAsciiLetter));
    }

    private static readonly HashSet<string> ShortWords =
    [
        "yes", "odd", "even", "up", "off", "out", "one", "two", "six", "ten", "can", "may", "its", "see", "get", "set", "day", "box", "bag",
        "pen", "cat", "dog", "car", "egg", "cow", "hen", "pig", "toy", "pie", "in", "he", "she", "her", "his", "our", "you", "my", "do", "did", "st",
        "nd", "rd", "th", "how", "who", "why", "was", "now", "own", "new", "old", "red", "low", "big", "per", "sq", "cu", "sum", "max", "min", "gcd", "lcm", "if",
        "us", "hat", "cup", "bar", "jar", "can", "tax", "fee", "tip", "lap", "mom", "dad", "son", "boy", "fan", "bus", "sad", "bad", "dne", "nan", "via",
    ];

    private Node? Power()
    {
        var operators = 0;
        var node = Primary();
        while (node is not null)
        {
            _budget.Spend();
            switch (Here.Kind)
            {
                case TokenKind.Caret when node.IsExpression:
                    _at++;
                    if (Exponent() is not { } exponent)
                        return null;
                    node = Node.Power(node, exponent);
                    break;
                case TokenKind.Word when node.IsExpression && IsWord("choose"):
                    _at++;
                    if (Primary() is not { IsExpression: true } chosen)
                        return null;
                    node = Node.Function("binom", node, chosen);
                    break;
                case TokenKind.Factorial when node.IsExpression:
                    _at++;
                    node = Node.Function("!", node);
                    break;
                case TokenKind.Currency when node.IsExpression
                    && Ahead(1).Kind is not (TokenKind.Number or TokenKind.Fraction or TokenKind.Minus or TokenKind.ParenOpen or TokenKind.Currency)
                    && !node.Contains(NodeKind.Function, UnitMarks.Prefix + Here.Text):
                    node = UnitMarks.Mark(Here.Text, node);
                    _at++;
                    break;
                case TokenKind.Percent when node.IsExpression:
                    _at++;
                    node = UnitMarks.Mark("%", node);
                    break;
                case TokenKind.Degree when node.IsExpression:
                    _at++;
                    node = UnitMarks.Mark(TemperatureScale(), node);
                    break;
                default:
                    return node;
            }

            if (++operators > MaximumPostfixes)
                return null;
        }

        return null;
    }

    /// <summary>The degree sign with the letter of its scale, if one follows.</summary>
    private string TemperatureScale()
    {
        if (Here.Kind != TokenKind.Word || Here.Text is not ("C" or "F" or "K"))
            return "°";
        var unit = "°" + Here.Text.ToLowerInvariant();
        _at++;
        return unit;
    }

    private Node? Exponent()
    {
        if (Take(TokenKind.Minus))
            return Deeper(p => p.Exponent()) is { } negative ? Node.Negative(negative) : null;
        if (Take(TokenKind.Plus))
            return Deeper(p => p.Exponent());
        if (Is(TokenKind.Times) && Here.Text == "*")
            return null;
        var primary = Primary();
        if (primary is null || !primary.IsExpression)
            return null;
        if (!Is(TokenKind.Caret))
            return primary;
        _at++;
        return Deeper(p => p.Exponent()) is { } upper ? Node.Power(primary, upper) : null;
    }
}
