using ParallelR1.Grading.Algebra;
using ParallelR1.Grading.Semantic.Sentences;

namespace ParallelR1.Grading.Semantic;

/// <summary>Compares the meaning of two answers. The first is the gold answer, whose form decides what is asked for.</summary>
internal sealed partial class AnswerComparer
{
    private const int MaximumItems = 200;

    private readonly Budget _budget;
    private readonly ExpressionComparer _expressions;
    private readonly StatementReader _statements;
    private readonly EquationComparer _equations;
    private bool _matched;

    public AnswerComparer(Budget budget)
    {
        _budget = budget;
        _expressions = new ExpressionComparer(budget);
        _statements = new StatementReader(_expressions);
        _equations = new EquationComparer(budget);
    }

    /// <summary>What the last comparison rested on.</summary>
    public string Rule { get; private set; } = "";

    /// <summary>Whether the response's answer was understood; where it was not, that it differs says nothing.</summary>
    public bool IsUnderstood
    {
        get => field && !_expressions.IsUndecided;
        private set;
    } = true;

    /// <summary>Whether a response's answer means the gold answer.</summary>
    public bool Matches(ReadAnswer gold, ReadAnswer response)
    {
        IsUnderstood = true;
        if (MatchesWhole(gold, response) || response.Tokens is null)
            return IsCertain(gold, response);
        var bare = Framing.Peel(response.Tokens);
        if (bare.Count < response.Tokens.Count)
        {
            response = AnswerReader.Understand(bare, _budget);
            if (MatchesWhole(gold, response))
                return true;
        }

        if (gold.Node is null)
            return TextSentence.States(gold, response, _budget) ? Because("the text that a sentence names") : IsCertain(gold, response);
        if (gold.Tokens is [{ Kind: TokenKind.Word, Text.Length: > 2 }] && TextSentence.States(gold, response, _budget))
            return Because("the text that a sentence names");
        if (gold.Node.Kind == NodeKind.Choice && Recognizers.Choice(response.Tokens!, whole: false) is { } letter)
            return letter.Name == gold.Node.Name && Because("letters");
        if (response.Node is not null && gold.Node.Kind != NodeKind.Choice)
            return false;
        if (SentenceReader.Values(response.Tokens!, gold.Node.Kind == NodeKind.Choice, _budget) is { } values)
            return MatchesSentence(gold, values);
        Rule = "the answer is not understood";
        IsUnderstood = response.Node is not null;
        return false;
    }

    /// <summary>The whole answer against the gold answer, as text and then by meaning.</summary>
    private bool MatchesWhole(ReadAnswer gold, ReadAnswer response)
    {
        if (gold.Plain.Length > 0 && gold.Plain == response.Plain && !SaysNothing(response.Node))
            return _matched = Because("the same text");
        return _matched = gold.Node is not null && response.Node is not null && Same(gold.Node, response.Node);
    }

    /// <summary>The last verdict; where a side is not understood, texts that differ leave it open.</summary>
    private bool IsCertain(ReadAnswer gold, ReadAnswer response)
    {
        if (_matched)
            return true;
        if (gold.Node is null || response.Node is null)
        {
            Rule = "the texts differ";
            IsUnderstood = IsWords(gold) && (response.Node is not null || IsWords(response));
        }

        return false;
    }

    private static bool IsWords(ReadAnswer answer) =>
        answer.Tokens is { Count: > 0 } tokens && tokens.TrueForAll(t => t.Kind is TokenKind.Word or TokenKind.GroupOpen or TokenKind.GroupClose or TokenKind.Comma
            or TokenKind.Dot or TokenKind.Prime);

    private bool MatchesSentence(ReadAnswer gold, List<ReadAnswer> values)
    {
        if (values.Count > 1 && gold.Node!.Kind is NodeKind.List or NodeKind.Set or NodeKind.Tuple && values.TrueForAll(v => v.Node is not null))
            return Same(gold.Node, new Node(NodeKind.List, gold.Node.Kind == NodeKind.Tuple ? "," : "and", [.. values.Select(v => v.Node!)]))
                && Because("a sentence with the same values");
        foreach (var value in values.Skip(1))
        {
            if (!MatchesWhole(values[0], value))
            {
                Rule = "a sentence with several values";
                return false;
            }
        }

        if (MatchesWhole(gold, values[0]))
            return Because("the only value in a sentence: " + Rule);
        return IsCertain(gold, values[0]);
    }

    private bool SaysNothing(Node? node) => node?.Kind == NodeKind.Relation && _statements.Read(node).Kind == StatementKind.Nothing;

    private bool Because(string rule)
    {
        Rule = rule;
        return true;
    }

    private bool Same(Node gold, Node response)
    {
        Rule = "different values";
        return Compare(PlusMinusSigns.Expand(gold), PlusMinusSigns.Expand(response));
    }

    private bool Compare(Node gold, Node response)
    {
        _budget.Spend();
        if (gold.Kind == NodeKind.Relation || response.Kind == NodeKind.Relation)
            return CompareStatements(gold, response);
        if (gold.Kind == NodeKind.Quantity || response.Kind == NodeKind.Quantity)
            return CompareQuantities(gold, response);
        if (gold.Kind is NodeKind.List or NodeKind.Set || response.Kind is NodeKind.List or NodeKind.Set)
            return CompareCollections(gold, response);
        if (gold.Kind == NodeKind.Tuple && response is { Kind: NodeKind.Function, Items: [{ Kind: NodeKind.Tuple } coordinates] }
            && response.Name.StartsWith("call ", StringComparison.Ordinal))
            return Compare(gold, coordinates);
        if (gold.IsExpression)
            return response.IsExpression && _expressions.AreEqual(gold, response) && Because(_expressions.Rule);
        return gold.Kind switch
        {
            NodeKind.Tuple or NodeKind.Union or NodeKind.SetOperation => CompareTuples(gold, response),
            NodeKind.Matrix when response is { Kind: NodeKind.Function, Name: "binom", Items: [var above, var below] }
                && gold.Items is [{ Items: [var first] }, { Items: [var second] }] =>
                Compare(first, above) && Compare(second, below) && Because("a column written as a binomial"),
            NodeKind.Matrix => response.Kind == NodeKind.Matrix && gold.Name == response.Name && InOrder(gold, response) && Because("equal matrices"),
            NodeKind.Ratio => response.Kind == NodeKind.Ratio && (gold.Name.Length == 0 || gold.Name == response.Name) && InOrder(gold, response)
                && Because("equal ratios or times"),
            NodeKind.BaseNumber => response.Kind == NodeKind.BaseNumber && gold.Name == response.Name && gold.Value == response.Value
                && Because("equal digits and base"),
            NodeKind.Choice => response.Kind == NodeKind.Choice && gold.Name == response.Name && Because("letters"),
            NodeKind.Congruence => response.Kind == NodeKind.Congruence && SameClass(gold, response) && Because("the same residue class"),
            NodeKind.Date => response.Kind == NodeKind.Date && SameDate(gold, response) && Because("the same date"),
            _ => false,
        };
    }

    private bool CompareStatements(Node gold, Node response)
    {
        var g = _statements.Read(gold);
        var r = _statements.Read(response);
        if (r is { Kind: StatementKind.Value, Left: { } tuple } && response.Kind == NodeKind.Relation && response.Items[0].Kind == NodeKind.Tuple)
            r = r with { Left = InOrderOfNames(response.Items[0], tuple) };
        if (g is { Kind: StatementKind.Value, Left: { } goldTuple } && gold.Kind == NodeKind.Relation && gold.Items[0].Kind == NodeKind.Tuple)
            g = g with { Left = InOrderOfNames(gold.Items[0], goldTuple) };
        if (gold.Kind == NodeKind.List && g.Kind == StatementKind.Value && r is { Kind: StatementKind.Value, Left.Kind: NodeKind.Tuple } && Assigned(gold) is { } goldAssigned)
            return Compare(goldAssigned, r.Left!);
        if (r.Kind == StatementKind.Nothing || g.Kind == StatementKind.Nothing)
        {
            Rule = "a statement that says nothing, or cannot be";
            return false;
        }

        if (g.Kind == StatementKind.Condition || r.Kind == StatementKind.Condition)
            return CompareConditions(g, gold, r, response);
        if (g.Kind == StatementKind.Value && r.Kind == StatementKind.Value)
        {
            if (g.Name is null || r.Name is null || g.Name == r.Name)
                return Compare(g.Left!, r.Left!) || (r.OtherSides?.Exists(side => Compare(g.Left!, side)) ?? false);
            return _equations.AreEquivalent(gold.Items[0], gold.Items[^1], response.Items[0], response.Items[^1]) && Because("equations with the same solutions");
        }

        if (g.Kind == StatementKind.Value && g.Name is null && gold.Kind != NodeKind.Relation)
            return ConstantSide(r) is { } side && !gold.Contains(NodeKind.Symbol) && Compare(gold, side);
        var (left, right) = g.Kind == StatementKind.Equation ? (g.Left!, g.Right!) : (gold.Items[0], gold.Items[^1]);
        return response.Kind == NodeKind.Relation && _equations.AreEquivalent(left, right, response.Items[0], response.Items[^1])
            && Because("equations with the same solutions");
    }

    /// <summary>The side of an equation that is a number while the other is not.</summary>
    private static Node? ConstantSide(Statement statement)
    {
        if (statement.Kind != StatementKind.Equation || IsToBeSolved(statement.Left!) || statement.Right!.Contains(NodeKind.Symbol)
            || !(statement.Left!.Contains(NodeKind.Symbol) || statement.Left.ContainsFunction("call ")))
            return null;
        return statement.Right;
    }

    /// <summary>A power, multiple or shift of one unknown ("2x = 14"), where the value asked for is that of the unknown.</summary>
    private static bool IsToBeSolved(Node left) =>
        left.Kind is NodeKind.Power or NodeKind.Product or NodeKind.Sum && left.Items.Length == 2
            && Array.Exists(left.Items, i => i is { Kind: NodeKind.Symbol, Name: "x" or "y" or "z" or "n" }) && Array.Exists(left.Items, i => i.Kind == NodeKind.Number);

    private bool CompareConditions(Statement g, Node gold, Statement r, Node response)
    {
        var a = g.Kind == StatementKind.Value ? g.Left! : gold;
        var b = r.Kind == StatementKind.Value ? r.Left! : response;
        if (Members(a) is { } items && Members(b) is { } others)
            return Compare(items, others);
        if (Region.Read(a, _expressions) is { } region && Region.Read(b, _expressions) is { } other
            && (region.Variable == other.Variable || region.Variable is null || other.Variable is null))
            return Region.AreEqual(region, other, _expressions) && Because("equal sets of numbers");
        return gold.Kind == NodeKind.Relation && response.Kind == NodeKind.Relation && _equations.AreEquivalent(gold, response)
            && Because("inequalities with the same solutions");
    }

    /// <summary>The set or value in "x is in a set"; a set or list as it is.</summary>
    private static Node? Members(Node node) => node switch
    {
        { Kind: NodeKind.Relation, Name: "in", Items: [{ Kind: NodeKind.Symbol }, { Kind: NodeKind.Set } set] } => set,
        { Kind: NodeKind.Set } => node,
        { Kind: NodeKind.List, Items: [{ Kind: NodeKind.Relation, Name: "=", Items: [{ Kind: NodeKind.Symbol }, var first] }, .. var rest] }
            when !Array.Exists(rest, i => i.Kind == NodeKind.Relation) =>
            new Node(NodeKind.List, node.Name, [first, .. rest]),
        { Kind: NodeKind.List, Items: [{ Kind: NodeKind.Relation, Items: [{ Kind: NodeKind.Symbol } name, _] }, ..] }
            when Array.TrueForAll(node.Items, i => i is { Kind: NodeKind.Relation, Name: "=", Items: [{ Kind: NodeKind.Symbol } other, _] } && other.Name == name.Name) =>
            new Node(NodeKind.List, node.Name, [.. node.Items.Select(i => i.Items[1])]),
        { Kind: NodeKind.List } when !Array.Exists(node.Items, i => i.Kind == NodeKind.Relation) => node,
        _ => null,
    };

    private bool CompareQuantities(Node gold, Node response)
    {
        var (unit, value) = gold.Kind == NodeKind.Quantity ? (gold.Name, gold.Items[0]) : (null, gold);
        var (otherUnit, other) = response.Kind == NodeKind.Quantity ? (response.Name, response.Items[0]) : (null, response);
        if (Units.Agree(unit, otherUnit))
        {
            // "3m" reads as a product with a variable; beside a gold answer in metres it is three metres.
            if (unit is { Length: 1 } && otherUnit is null && other.IsExpression && value.IsExpression && other.Contains(NodeKind.Symbol, unit))
                return Compare(Node.Product(value, Node.Symbol(unit)), other);
            return Compare(value, other);
        }

        Rule = $"different units: {unit} and {otherUnit}";
        return false;
    }
}
