using ParallelR1.Grading.Algebra;

namespace ParallelR1.Grading.Semantic;

/// <summary>Tells definitions from equations, conditions and empty statements.</summary>
internal sealed class StatementReader(ExpressionComparer expressions)
{
    public Statement Read(Node node)
    {
        if (node.Kind != NodeKind.Relation)
            return new Statement(StatementKind.Value, null, node, null);
        var operators = node.Name.Split(' ');
        var sides = node.Items;
        if (Array.IndexOf(operators, "~") is >= 0 and var about)
            sides = about == 0 && IsLabel(sides[0]) && operators.Length == 1 ? sides : sides[..(about + 1)];
        else if (Array.Exists(operators, o => o != "="))
            return new Statement(StatementKind.Condition, null, null, null);

        if (sides.Length == 1)
            return new Statement(StatementKind.Value, null, sides[0], null);
        if (IsLabel(sides[0]) && !Mentions(sides.AsSpan(1), sides[0]))
        {
            var labels = 1;
            while (labels + 1 < sides.Length && IsLabel(sides[labels]))
                labels++;
            return Chain(sides.AsSpan(labels), labels == 1 ? NameOf(sides[0]) : null);
        }

        if (sides.Length == 2 && IsLabel(sides[1]) && !Mentions(sides.AsSpan(0, 1), sides[1]))
            return new Statement(StatementKind.Value, NameOf(sides[1]), sides[0], null);
        if (!Array.Exists(sides, s => s.Contains(NodeKind.Symbol) || s.ContainsFunction("call ")))
            return Chain(sides, null);
        if (AreSame(sides[0], sides[^1]) && !IsLabel(sides[0]) && sides[0].ToString() != sides[^1].ToString())
            return Chain(sides, null);
        return AreSame(sides[0], sides[^1])
            ? new Statement(StatementKind.Nothing, null, null, null)
            : new Statement(StatementKind.Equation, null, sides[0], sides[^1]);
    }

    /// <summary>The last of several sides that are all equal.</summary>
    private Statement Chain(ReadOnlySpan<Node> sides, string? name)
    {
        for (var i = 1; i < sides.Length; i++)
        {
            if (!AreSame(sides[0], sides[i]))
                return new Statement(StatementKind.Nothing, null, null, null);
        }

        var others = sides.Length > 1 && sides.ToArray().Any(IsPercentage) ? sides[..^1].ToArray().ToList() : null;
        return new Statement(StatementKind.Value, name, sides[^1], null) { OtherSides = others };
    }

    /// <summary>Whether two sides are equal; a percentage is then the number that it stands for, if the other side is none.</summary>
    private bool AreSame(Node a, Node b) => expressions.AreEqual(Value(a), Value(b))
        || (IsPercentage(a) != IsPercentage(b) && expressions.AreEqual(Portion(a), Portion(b)));

    private static bool IsPercentage(Node node) => node is { Kind: NodeKind.Quantity, Name: "%" };

    private static Node Portion(Node node) => IsPercentage(node) ? Node.Product(Node.Number(BigRational.Of(1, 100)), node.Items[0]) : Value(node);

    private static Node Value(Node node) => node.Kind == NodeKind.Quantity ? node.Items[0] : node;

    private static bool IsLabel(Node node) => node.Kind switch
    {
        NodeKind.Symbol or NodeKind.Choice => true,
        NodeKind.Function => node.Name.StartsWith("call ", StringComparison.Ordinal) || node.Name.StartsWith("mark ", StringComparison.Ordinal),
        NodeKind.Tuple => node.Items.Length > 1 && Array.TrueForAll(node.Items, i => i.Kind == NodeKind.Symbol),
        NodeKind.Product when node.Items is [{ Kind: NodeKind.Symbol, Name: [_, '\''] }, { Kind: NodeKind.Symbol }] => true,
        NodeKind.Product => node.Items.Length is 2 or 3 && Array.TrueForAll(node.Items, i => i.Kind == NodeKind.Symbol && char.IsAsciiLetterUpper(i.Name[0])),
        _ => false,
    };

    private static string? NameOf(Node label) => label.Kind == NodeKind.Symbol ? label.Name : null;

    private static bool Mentions(ReadOnlySpan<Node> sides, Node label)
    {
        if (label.Kind != NodeKind.Symbol)
            return false;
        foreach (var side in sides)
        {
            if (side.Contains(NodeKind.Symbol, label.Name))
                return true;
        }

        return false;
    }
}
