namespace ParallelR1.Grading.Semantic;

/// <summary>Groups, tuples, intervals, sets and matrices.</summary>
internal sealed partial class Parser
{
    private Node? Bracketed()
    {
        var open = Here.Kind;
        if (open is not (TokenKind.GroupOpen or TokenKind.ParenOpen or TokenKind.BracketOpen or TokenKind.BracketClose or TokenKind.SetOpen))
            return null;
        _at++;
        var bars = _bars;
        _bars = 0;
        var node = open switch
        {
            TokenKind.GroupOpen => Group(),
            TokenKind.SetOpen => SetItems(TokenKind.SetClose),
            _ => TupleItems(open == TokenKind.BracketOpen ? "[" : "("),
        };
        _bars = bars;
        return node;
    }

    private Node? Group()
    {
        if (Is(TokenKind.GroupClose))
            return null;
        var inside = List();
        if (inside is not null && Is(TokenKind.Infix))
        {
            var choose = Here.Text == "choose";
            _at++;
            var below = List();
            if (below is not { IsExpression: true } || !inside.IsExpression)
                return null;
            inside = choose ? Node.Function("binom", inside, below) : Node.Quotient(inside, below);
        }

        if (inside is null || !Take(TokenKind.GroupClose))
            return null;
        return inside is { Kind: NodeKind.List, Name: "," } && _tokens[_at - 1].Segment == 0 ? new Node(NodeKind.Set, "", inside.Items) : inside;
    }

    private Node? SetItems(TokenKind close)
    {
        if (Take(close))
            return Node.EmptySet;
        _setColons++;
        _bars++;
        var inside = List();
        _setColons--;
        _bars--;
        if (inside is not null && Here.Kind is TokenKind.Bar or TokenKind.Colon)
        {
            _at++;
            inside = List();
            return inside is { Kind: NodeKind.Relation or NodeKind.List } && Take(close) ? inside : null;
        }

        if (inside is null || !Take(close))
            return null;
        return inside.Kind == NodeKind.List ? new Node(NodeKind.Set, "", inside.Items) : new Node(NodeKind.Set, "", inside);
    }

    /// <summary>Items in brackets; <c>[2, 5[</c> and <c>]2, 5]</c> are intervals without the end whose bracket is turned.</summary>
    private Node? TupleItems(string open)
    {
        var colons = _setColons;
        _setColons = 0;
        var nested = _squares > 0;
        _squares += open == "[" ? 1 : 0;
        var inside = List();
        _squares -= open == "[" ? 1 : 0;
        _setColons = colons;
        if (inside is null)
            return null;
        var close = Is(TokenKind.ParenClose) ? ")" : Is(TokenKind.BracketClose) ? "]" : Is(TokenKind.BracketOpen) && inside.Kind == NodeKind.List ? ")" : null;
        if (close is null)
            return null;
        _at++;
        var matched = (open == "(") == (close == ")");
        if (inside is not { Kind: NodeKind.List, Name: "," })
            return !matched ? null : nested && open == "[" ? new Node(NodeKind.Tuple, "[]", inside) : inside;
        return matched || inside.Items.Length == 2 ? AsMatrix(new Node(NodeKind.Tuple, open + close, inside.Items)) : null;
    }

    /// <summary>Rows in brackets within brackets are a matrix.</summary>
    private static Node AsMatrix(Node tuple)
    {
        if (tuple.Name != "[]")
            return tuple;
        foreach (var row in tuple.Items)
        {
            if (row is not { Kind: NodeKind.Tuple, Name: "[]" } || row.Items.Length != tuple.Items[0].Items.Length)
                return tuple;
        }

        return new Node(NodeKind.Matrix, "", tuple.Items);
    }

    private Node? Matrix()
    {
        var name = Here.Text;
        if (name is "cases" or "dcases" or "rcases")
            return Cases(name);
        if (name is not ("pmatrix" or "bmatrix" or "matrix" or "array" or "smallmatrix" or "Bmatrix" or "vmatrix"))
            return null;
        _at++;
        _matrices++;
        var rows = new List<Node>();
        var row = new List<Node>();
        while (true)
        {
            _budget.Spend();
            if (Ratio() is not { } entry)
                return null;
            row.Add(entry);
            if (Take(TokenKind.Cell))
                continue;
            rows.Add(new Node(NodeKind.Tuple, "[]", [.. row]));
            row.Clear();
            var more = Take(TokenKind.Row);
            if (more && !Is(TokenKind.Finish))
                continue;
            if (!Is(TokenKind.Finish) || Here.Text != name)
                return null;
            _at++;
            _matrices--;
            var matrix = new Node(NodeKind.Matrix, "", [.. rows]);
            return name == "vmatrix" ? Matrices.Determinant(matrix) : matrix;
        }
    }

    /// <summary>Values with their conditions, one a row; the function <c>cases</c> of both by turns.</summary>
    private Node? Cases(string name)
    {
        _at++;
        _matrices++;
        var items = new List<Node>();
        while (true)
        {
            _budget.Spend();
            if (Sum() is not { IsExpression: true } value)
                return null;
            _ = Take(TokenKind.Comma);
            if (!Take(TokenKind.Cell))
                return null;
            if (IsWord("if") || IsWord("for") || IsWord("when"))
                _at++;
            Node? condition;
            if (IsWord("otherwise") || IsWord("else"))
            {
                _at++;
                condition = Node.Number(1);
            }
            else
            {
                condition = Relation();
            }

            if (condition is not ({ Kind: NodeKind.Number } or { Kind: NodeKind.Relation }))
                return null;
            items.AddRange([value, condition]);
            while (Here.Kind is TokenKind.Comma or TokenKind.Dot or TokenKind.Semicolon)
                _at++;
            if (Take(TokenKind.Row) && !Is(TokenKind.Finish))
                continue;
            if (!Is(TokenKind.Finish) || Here.Text != name)
                return null;
            _at++;
            _matrices--;
            return Node.Function("cases", [.. items]);
        }
    }
}
