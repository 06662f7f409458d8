namespace ParallelR1.Grading.Semantic;

/// <summary>Turns an answer with ± into the list of its two readings.</summary>
internal static class PlusMinusSigns
{
    public static Node Expand(Node node)
    {
        if (!node.Contains(NodeKind.PlusMinus))
            return node;
        if (node.Kind is NodeKind.List or NodeKind.Set)
        {
            var items = new List<Node>();
            foreach (var item in node.Items)
            {
                var expanded = Expand(item);
                if (expanded.Kind == NodeKind.List)
                    items.AddRange(expanded.Items);
                else
                    items.Add(expanded);
            }

            return node.With([.. items]);
        }

        return new Node(NodeKind.List, ",", Choose(node, plus: true), Choose(node, plus: false));
    }

    private static Node Choose(Node node, bool plus)
    {
        if (node.Items.Length == 0)
            return node;
        if (node.Kind == NodeKind.PlusMinus)
        {
            var inside = Choose(node.Items[0], plus);
            return (node.Name == "+-") == plus ? inside : Node.Negative(inside);
        }

        return node.With(Array.ConvertAll(node.Items, item => Choose(item, plus)));
    }
}
