namespace ParallelR1.Grading.Semantic;

/// <summary>
/// Recursive-descent parser of answers: lists of relations between sets, ratios and quantities made of expressions.
/// A method returns null where the text is not of its form; what is not understood is later compared as text.
/// </summary>
/// <remarks>
/// answer = relation { ("," | ";" | "and" | "or") relation };  relation = union { relop union };
/// union = ratio { setop ratio };  ratio = quantity { (":" | "to") quantity };  quantity = sum [unit].
/// </remarks>
internal sealed partial class Parser
{
    private static readonly Token EndToken = new(TokenKind.End, "", false, false, 0);

    private readonly List<Token> _tokens;
    private readonly Budget _budget;
    private readonly int _end;
    private int _at;
    private int _letters;
    private int _depth;
    private int _bars;
    private bool _isPart;
    private int _marks;

    private Parser(List<Token> tokens, int start, int end, Budget budget)
    {
        _tokens = tokens;
        _at = start;
        _end = end;
        _budget = budget;
    }

    /// <summary>The token here; of a word whose first letters were taken as variables, the rest.</summary>
    private Token Here => _at >= _end ? EndToken
        : _letters == 0 ? _tokens[_at] : _tokens[_at] with { Text = _tokens[_at].Text[_letters..], Space = false };

    /// <summary>Parses all tokens of a range; null where they are not one answer.</summary>
    public static Node? ParseAll(List<Token> tokens, int start, int end, Budget budget)
    {
        if (start >= end)
            return null;
        var parser = new Parser(tokens, start, end, budget);
        var node = parser.List();
        return parser._at == end ? node : null;
    }

    /// <summary>Parses one quantity that starts at an index; null where none does. Reports where it ends.</summary>
    public static Node? ParseQuantity(List<Token> tokens, int start, Budget budget, out int end)
    {
        var parser = new Parser(tokens, start, tokens.Count, budget) { _isPart = true };
        var node = parser.Quantity();
        end = parser._at;
        return node;
    }

    /// <summary>Parses a time or ratio with a colon that starts at an index; null where none does.</summary>
    public static Node? ParseTime(List<Token> tokens, int start, Budget budget, out int end)
    {
        var parser = new Parser(tokens, start, tokens.Count, budget) { _isPart = true };
        var node = parser.Ratio();
        end = parser._at;
        return node;
    }

    private Token Ahead(int by) => _at + by < _end ? _tokens[_at + by] : EndToken;

    private bool Is(TokenKind kind) => Here.Kind == kind;

    private bool IsWord(string word) => Here.Kind == TokenKind.Word && string.Equals(Here.Text, word, StringComparison.OrdinalIgnoreCase);

    private bool Take(TokenKind kind)
    {
        if (Here.Kind != kind)
            return false;
        _at++;
        return true;
    }

    /// <summary>Runs a rule one level deeper, unless the nesting has become too deep.</summary>
    private Node? Deeper(Func<Parser, Node?> rule)
    {
        _budget.Spend();
        if (_depth >= Budget.MaximumDepth)
            return null;
        _depth++;
        var node = rule(this);
        _depth--;
        return node;
    }

    private Node? List()
    {
        if (IsWord("either"))
            _at++;
        var first = Relation();
        if (first is null || !(Connective(out var word) || IsCompound(first)))
            return first;
        var items = new List<Node> { first };
        var name = word;
        do
        {
            _budget.Spend();
            if (Relation() is not { } item)
                return null;
            items.Add(item);
            if (name == ",")
                name = word;
        }
        while (Connective(out word) || IsCompound(items[^1]));

        return new Node(NodeKind.List, name, [.. items]);
    }

    /// <summary>Whether another quantity follows one without a word, as in "2 hours 15 minutes".</summary>
    private bool IsCompound(Node before) => before.Kind == NodeKind.Quantity && Is(TokenKind.Number) && Units.IsKnown(before.Name) && Ahead(1).Kind == TokenKind.Word
        && Units.IsKnown(Ahead(1).Text);

    /// <summary>Takes a comma, a semicolon, "and", "or", or a comma with such a word.</summary>
    private bool Connective(out string word)
    {
        word = ",";
        var start = _at;
        var comma = Take(TokenKind.Comma) || Take(TokenKind.Semicolon);
        if (IsWord("and") || IsWord("or"))
        {
            word = Here.Text.ToLowerInvariant();
            _at++;
        }
        else if (Is(TokenKind.Cell) && Here.Space && !InMatrix)
        {
            word = "and";
            _at++;
        }

        if (_at > start && !(comma && _at == start + 1 && _at == _end))
            return true;
        _at = start;
        return false;
    }

    private Node? Relation()
    {
        var first = Union();
        if (first is null || !Is(TokenKind.Relation))
            return first;
        var sides = new List<Node> { first };
        var operators = new List<string>();
        while (Is(TokenKind.Relation))
        {
            operators.Add(Here.Text);
            _at++;
            if (Union() is not { } side)
                return null;
            sides.Add(side);
        }

        return new Node(NodeKind.Relation, string.Join(' ', operators), [.. sides]);
    }

    private Node? Union()
    {
        var first = Ratio();
        if (first is null || !IsSetOperation(first))
            return first;
        var node = first;
        var items = new List<Node> { first };
        while (IsSetOperation(node))
        {
            _budget.Spend();
            var operation = Here.Text is "U" ? "cup" : Here.Text is "-" ? "minus" : Here.Text;
            _at++;
            if (Ratio() is not { } item)
                return null;
            if (operation == "minus" && item.IsExpression)
                item = new Node(NodeKind.Set, "", item);
            items.Add(item);
            if (operation != "cup")
                items = [new Node(NodeKind.SetOperation, operation, items.Count == 2 ? items[0] : new Node(NodeKind.Union, "", [.. items[..^1]]), item)];
            node = items[^1];
        }

        return items.Count == 1 ? items[0] : new Node(NodeKind.Union, "", [.. items]);
    }

    private bool IsSetOperation(Node before) => Is(TokenKind.SetOperation)
        || (before.Kind is NodeKind.Tuple or NodeKind.Set or NodeKind.SetOperation
        && ((Is(TokenKind.Word) && Here.Text == "U") || (Is(TokenKind.Minus) && Ahead(1).Kind == TokenKind.SetOpen)));

    private Node? Ratio()
    {
        var first = Quantity();
        if (first is null)
            return null;
        if (!IsRatioSign())
            return first;
        var items = new List<Node> { first };
        while (IsRatioSign())
        {
            _at++;
            if (Quantity() is not { } item)
                return null;
            items.Add(item);
        }

        var half = "";
        if (Is(TokenKind.Word) && Here.Text.ToLowerInvariant() is "am" or "pm")
        {
            half = Here.Text.ToLowerInvariant();
            _at++;
        }

        return new Node(NodeKind.Ratio, half, [.. items]);
    }

    private bool IsRatioSign() => (Is(TokenKind.Colon) && _setColons == 0) || IsWord("to");

    private Node? Quantity()
    {
        var value = Sum();
        if (value is null)
            return null;
        if (Is(TokenKind.Word) && Units.TryMultiplier(Here.Text, out var exponent))
        {
            _at++;
            value = Node.Product(value, Node.Power(Node.Number(10), Node.Number(exponent)));
        }

        string? unit = null;
        if (_marks > 0)
            return IsWord("degrees") && Take(TokenKind.Word) ? UnitMarks.Mark("°", value) : value;
        if (value.Contains(NodeKind.Function))
            value = UnitMarks.Strip(value, ref unit);
        if (value is null)
            return null;
        if ((Is(TokenKind.Word) || IsUnitFraction()) && !IsConnectingWord() && value.IsExpression && !(_isPart && IsWord("per")))
        {
            var before = _at;
            var read = Units.Read(_tokens, ref _at);
            if (read is null || _at > _end)
                _at = before;
            else if (unit == "°")
                unit = "°" + read.TrimStart('°').ToLowerInvariant();
            else if (unit is not null && unit != read && _isPart)
                _at = before;
            else if (unit is not null && unit != read)
                return null;
            else
                unit = read;
        }

        return unit is null ? value : new Node(NodeKind.Quantity, unit, value);
    }

    private bool IsConnectingWord() => Here.Text.ToLowerInvariant() is "and" or "or" or "to" or "am" or "pm" or "base" or "U";
}
