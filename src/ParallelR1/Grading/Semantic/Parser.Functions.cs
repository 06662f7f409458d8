namespace ParallelR1.Grading.Semantic;

internal sealed partial class Parser
{
    private Node? Fraction()
    {
        _at++;
        return Argument() is { IsExpression: true } above && Argument() is { IsExpression: true } below ? Node.Quotient(above, below) : null;
    }

    private Node? Root()
    {
        _at++;
        Node? degree = Node.Number(2);
        if (Take(TokenKind.BracketOpen))
        {
            degree = Deeper(p => p.Sum());
            if (degree is null || !Take(TokenKind.BracketClose))
                return null;
        }

        var of = Is(TokenKind.ParenOpen) ? Deeper(p => p.Bracketed()) : Argument();
        return of is { IsExpression: true } ? Node.Power(of, Node.Power(degree, Node.MinusOne)) : null;
    }

    /// <summary>A function with its power and base, and its argument: brackets, or the product up to the next function.</summary>
    private Node? Function()
    {
        var name = Here.Text;
        _at++;
        if (LatexCommands.Bracketed.Contains(name))
            return OfSeveral(name);
        Node? power = null, logBase = null;
        for (var i = 0; i < 2; i++)
        {
            if (power is null && Take(TokenKind.Caret) && (power = Exponent()) is null)
                return null;
            if (logBase is null && name == "log" && Take(TokenKind.Underscore) && (logBase = Argument()) is null)
                return null;
        }

        _marks++;
        var argument = Is(TokenKind.ParenOpen) || Is(TokenKind.GroupOpen) || Is(TokenKind.BracketOpen) ? Deeper(p => p.Bracketed()) : Deeper(p => p.BareArgument());
        _marks--;
        if (argument is not { IsExpression: true })
            return null;
        if (power is { Kind: NodeKind.Number } && power.Value == BigRational.MinusOne && name is "sin" or "cos" or "tan")
            return Node.Function("arc" + name, argument);
        var function = name switch
        {
            "cbrt" => Node.Power(argument, Node.Number(BigRational.Of(1, 3))),
            "exp" => Node.Power(Node.Euler, argument),
            "cis" => Node.Sum(Node.Function("cos", argument), Node.Product(Node.Imaginary, Node.Function("sin", argument))),
            "lg" => Node.Function("log", argument, Node.Number(10)),
            "log" => Node.Function("log", argument, logBase ?? Node.Number(10)),
            "asin" or "acos" or "atan" => Node.Function("arc" + name[1..], argument),
            _ => Node.Function(name, argument),
        };
        return power is null ? function : Node.Power(function, power);
    }

    /// <summary>A function of several numbers in brackets, or the determinant of a matrix.</summary>
    private Node? OfSeveral(string name)
    {
        if (name == "det")
            return Primary() is { Kind: NodeKind.Matrix } matrix ? Matrices.Determinant(matrix) : null;
        if (Here.Kind is not (TokenKind.ParenOpen or TokenKind.SetOpen or TokenKind.GroupOpen) || Deeper(p => p.Bracketed()) is not { } arguments)
            return null;
        var items = arguments.Kind is NodeKind.Tuple or NodeKind.Set or NodeKind.List ? arguments.Items : [arguments];
        return items.Length is > 0 and < 50 && Array.TrueForAll(items, i => i.IsExpression) ? Node.Function(name, items) : null;
    }

    private Node? BareArgument()
    {
        var negative = Take(TokenKind.Minus);
        var factors = new List<Node>();
        while (Here.Kind is TokenKind.Number or TokenKind.Symbol or TokenKind.Fraction or TokenKind.Root or TokenKind.Word or TokenKind.Function or TokenKind.Bar)
        {
            _budget.Spend();
            if (factors.Count > 0 && (Is(TokenKind.Number) || Is(TokenKind.Function) || !StartsFactor()))
                break;
            if (Power() is not { } factor)
                return null;
            factors.Add(factor);
        }

        if (factors.Count == 0)
            return null;
        var product = factors.Count == 1 ? factors[0] : new Node(NodeKind.Product, "", [.. factors]);
        return !negative ? product : product.IsExpression ? Node.Negative(product) : null;
    }

    private Node? Absolute()
    {
        _at++;
        _bars++;
        var of = Sum();
        _bars--;
        return of is { IsExpression: true } && Take(TokenKind.Bar) ? Node.Function("abs", of) : null;
    }

    private Node? Floor()
    {
        var name = Here.Text;
        _at++;
        return Sum() is { IsExpression: true } of && Take(TokenKind.FloorClose) ? Node.Function(name, of) : null;
    }
}
