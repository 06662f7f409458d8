namespace ParallelR1.Grading.Semantic;

/// <summary>Percent, degree and currency signs stand inside expressions; here they become the unit of the whole.</summary>
internal static class UnitMarks
{
    /// <summary>The name of the function that marks its argument with a unit sign.</summary>
    public const string Prefix = "unit ";

    private static readonly string[] Trigonometric = ["sin", "cos", "tan", "cot", "sec", "csc"];

    public static Node Mark(string unit, Node value) => Node.Function(Prefix + unit, value);

    /// <summary>The value without its marks, and their common unit; null where marks contradict one another.</summary>
    public static Node? Strip(Node node, ref string? unit)
    {
        if (node.Kind == NodeKind.Function)
        {
            if (node.Name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                var name = node.Name[Prefix.Length..];
                if (unit is not null && unit != name)
                    return null;
                unit = name;
                return Strip(node.Items[0], ref unit);
            }

            if (Trigonometric.Contains(node.Name))
                return node;
        }

        if (node.Kind is not (NodeKind.Sum or NodeKind.Product or NodeKind.PlusMinus) || !node.Contains(NodeKind.Function))
            return node;
        if (node.Kind == NodeKind.Product && Array.FindAll(node.Items, i => i is { Kind: NodeKind.Function, Name: Prefix + "%" }).Length is > 1 and var count)
        {
            unit = "%";
            var hundreds = Node.Power(Node.Number(100), Node.Number(1 - count));
            return new Node(NodeKind.Product, "", [.. node.Items.Select(i => i is { Kind: NodeKind.Function, Name: Prefix + "%" } ? i.Items[0] : i), hundreds]);
        }

        var items = new Node[node.Items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            if (Strip(node.Items[i], ref unit) is not { } item)
                return null;
            items[i] = item;
        }

        return node.With(items);
    }
}
