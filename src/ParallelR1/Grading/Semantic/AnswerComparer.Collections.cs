namespace ParallelR1.Grading.Semantic;

internal sealed partial class AnswerComparer
{
    private bool CompareCollections(Node gold, Node response)
    {
        if (Region.Read(gold, _expressions) is { } region && Region.Read(response, _expressions) is { } other && (IsConditions(gold) || IsConditions(response)))
            return Region.AreEqual(region, other, _expressions) && Because("equal sets of numbers");
        if (gold.Kind == NodeKind.List && response.Kind == NodeKind.Relation && Members(response) is { } members && Members(gold) is { } goldMembers)
            return Compare(goldMembers, members);
        if (gold is { Kind: NodeKind.Tuple, Name: "()" } && response.Kind == NodeKind.List && Assigned(response) is { } assigned)
            return Compare(gold, assigned);
        if (response is { Kind: NodeKind.Tuple, Name: "()" } && gold.Kind == NodeKind.List && Assigned(gold) is { } expected)
            return Compare(expected, response);
        if (gold.Kind == NodeKind.List && response.Kind == NodeKind.List && (Assigned(gold) is not null) != (Assigned(response) is not null)
            && gold.Items.Length == response.Items.Length)
            return InOrder(Assigned(gold) ?? gold, Assigned(response) ?? response) && Because("the values of the names in order");
        if (gold.IsExpression && response is
            {
                Kind: NodeKind.List, Name: "and",
                Items: [{ Kind: NodeKind.Number, Value: { IsInteger: true, Sign: > 0 } } whole, { IsExpression: true } part]
            }
            && _expressions.Constant(part) is > 0 and < 1)
            return Compare(gold, Node.Sum(whole, part));
        var a = Items(gold);
        var b = Items(response);
        return Unordered(a, b) && Because(a.Length == 1 ? Rule : "the same items in any order");
    }

    private static bool IsConditions(Node node) => node.Kind is NodeKind.Union or NodeKind.Tuple || Array.Exists(node.Items, i => i.Kind == NodeKind.Relation && i.Name != "=");

    private static Node[] Items(Node node) => node.Kind is NodeKind.List or NodeKind.Set ? node.Items : [node];

    /// <summary>"y = 2, x = 1" as the tuple of its values in the order of their names.</summary>
    private Node? Assigned(Node list)
    {
        var values = new SortedDictionary<string, Node>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (item.Kind != NodeKind.Relation || _statements.Read(item) is not { Kind: StatementKind.Value, Name: { } name, Left: { } value } || !values.TryAdd(name, value))
                return null;
        }

        return values.Count == 0 ? null : new Node(NodeKind.Tuple, "()", [.. values.Values]);
    }

    /// <summary>A tuple of values in the order of the names, where it was given for a tuple of names in another.</summary>
    private static Node InOrderOfNames(Node label, Node value)
    {
        if (label.Kind != NodeKind.Tuple || value.Kind != NodeKind.Tuple || label.Items.Length != value.Items.Length
            || !Array.TrueForAll(label.Items, i => i.Kind == NodeKind.Symbol))
            return value;
        return value.With([.. value.Items.Zip(label.Items).OrderBy(p => p.Second.Name, StringComparer.Ordinal).Select(p => p.First)]);
    }

    private bool CompareTuples(Node gold, Node response)
    {
        if (gold.Kind == NodeKind.Tuple && response.Kind == NodeKind.Tuple)
            return gold.Name == response.Name && InOrder(gold, response) && Because("equal items in order");
        return Region.Read(gold, _expressions) is { } region && Region.Read(response, _expressions) is { } other
            && Region.AreEqual(region, other, _expressions) && Because("equal sets of numbers");
    }

    private bool InOrder(Node gold, Node response)
    {
        if (gold.Items.Length != response.Items.Length)
            return false;
        for (var i = 0; i < gold.Items.Length; i++)
        {
            if (!Compare(gold.Items[i], response.Items[i]))
                return false;
        }

        return true;
    }

    private bool Unordered(Node[] gold, Node[] response)
    {
        if (gold.Length != response.Length || gold.Length > MaximumItems)
            return false;
        var used = new bool[response.Length];
        foreach (var item in gold)
        {
            var found = false;
            for (var j = 0; j < response.Length && !found; j++)
            {
                if (!used[j] && Compare(item, response[j]))
                    found = used[j] = true;
            }

            if (!found)
                return false;
        }

        return true;
    }

    /// <summary>Whether two congruences have equal moduli and left sides, and right sides that differ by a multiple of the modulus.</summary>
    private bool SameClass(Node gold, Node response)
    {
        if (!Compare(gold.Items[2], response.Items[2]) || !Compare(gold.Items[0], response.Items[0]))
            return false;
        var (a, b, modulus) = (gold.Items[1], response.Items[1], gold.Items[2]);
        return a.Kind == NodeKind.Number && b.Kind == NodeKind.Number && modulus is { Kind: NodeKind.Number, Value.IsZero: false }
            ? ((a.Value + (-b.Value)) * modulus.Value.Inverse()).IsInteger
            : Compare(a, b);
    }

    private static bool SameDate(Node gold, Node response)
    {
        for (var i = 0; i < Math.Min(gold.Items.Length, response.Items.Length); i++)
        {
            if (gold.Items[i].Value != response.Items[i].Value)
                return false;
        }

        return true;
    }
}
