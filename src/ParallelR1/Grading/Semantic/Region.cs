using ParallelR1.Grading.Algebra;

namespace ParallelR1.Grading.Semantic;

/// <summary>A set of real numbers as a union of intervals, and the variable that ranges over it, if it was named.</summary>
internal sealed record Region(string? Variable, IReadOnlyList<Interval> Intervals)
{
    private static readonly Node MinusInfinity = Node.Negative(Node.Infinity);

    /// <summary>Reads intervals, unions, memberships and inequalities for one variable; null for anything else.</summary>
    public static Region? Read(Node node, ExpressionComparer expressions) => node.Kind switch
    {
        NodeKind.Tuple when node.Items.Length == 2 && node.Items[0].IsExpression && node.Items[1].IsExpression =>
            new Region(null, [new Interval(node.Items[0], node.Name[0] == '[', node.Items[1], node.Name[1] == ']')]),
        NodeKind.Set => Points(node),
        NodeKind.SetOperation => Operation(node, expressions),
        NodeKind.Union => Join(node, expressions),
        NodeKind.Relation => Condition(node, expressions),
        NodeKind.List => Combine(node, expressions),
        _ => null,
    };

    public static bool AreEqual(Region a, Region b, ExpressionComparer expressions)
    {
        if ((a.Variable is not null && b.Variable is not null && a.Variable != b.Variable) || a.Intervals.Count == 0 || b.Intervals.Count == 0)
            return false;
        var x = a.Ordered(expressions);
        var y = b.Ordered(expressions);
        if (x.Count != y.Count)
            return false;
        for (var i = 0; i < x.Count; i++)
        {
            if (x[i].LowClosed != y[i].LowClosed || x[i].HighClosed != y[i].HighClosed
                || !expressions.AreEqual(x[i].Low, y[i].Low) || !expressions.AreEqual(x[i].High, y[i].High))
                return false;
        }

        return true;
    }

    /// <summary>The intervals by their lower ends, overlapping ones as one; as given where an end is no number.</summary>
    private List<Interval> Ordered(ExpressionComparer expressions)
    {
        var items = new List<(double Low, double High, Interval Interval)>();
        foreach (var interval in Intervals)
        {
            if (expressions.Constant(interval.Low) is not { } low || expressions.Constant(interval.High) is not { } high)
                return [.. Intervals];
            items.Add((low, high, interval));
        }

        items.Sort((p, q) => p.Low != q.Low ? p.Low.CompareTo(q.Low) : q.Interval.LowClosed.CompareTo(p.Interval.LowClosed));
        var result = new List<Interval> { items[0].Interval };
        var end = items[0].High;
        foreach (var (low, high, interval) in items.Skip(1))
        {
            var last = result[^1];
            if (low < end || (low == end && (interval.LowClosed || last.HighClosed) && expressions.AreEqual(interval.Low, last.High)))
            {
                if (high > end || (high == end && interval.HighClosed))
                    result[^1] = last with { High = interval.High, HighClosed = interval.HighClosed };
                end = Math.Max(end, high);
            }
            else
            {
                result.Add(interval);
                end = high;
            }
        }

        return result;
    }

    private static Region? Operation(Node node, ExpressionComparer expressions)
    {
        if (Read(node.Items[0], expressions) is not { } a || Read(node.Items[1], expressions) is not { } b)
            return null;
        return node.Name == "cap" ? a.Intersect(b, expressions) : b.Complement(expressions) is { } rest ? a.Intersect(rest, expressions) : null;
    }

    /// <summary>What both hold; null where an end is no number.</summary>
    private Region? Intersect(Region other, ExpressionComparer expressions)
    {
        var result = new List<Interval>();
        foreach (var x in Intervals)
        {
            foreach (var y in other.Intervals)
            {
                if (expressions.Constant(x.Low) is not { } xLow || expressions.Constant(y.Low) is not { } yLow || expressions.Constant(x.High) is not { } xHigh
                    || expressions.Constant(y.High) is not { } yHigh)
                    return null;
                var (low, lowClosed) = xLow == yLow ? (x.Low, x.LowClosed && y.LowClosed) : xLow > yLow ? (x.Low, x.LowClosed) : (y.Low, y.LowClosed);
                var (high, highClosed) = xHigh == yHigh ? (x.High, x.HighClosed && y.HighClosed) : xHigh < yHigh ? (x.High, x.HighClosed) : (y.High, y.HighClosed);
                var (start, end) = (Math.Max(xLow, yLow), Math.Min(xHigh, yHigh));
                if (start < end || (start == end && lowClosed && highClosed))
                    result.Add(new Interval(low, lowClosed, high, highClosed));
            }
        }

        return new Region(Variable ?? other.Variable, result);
    }

    /// <summary>All other real numbers; null where an end is no number.</summary>
    private Region? Complement(ExpressionComparer expressions)
    {
        if (Intervals.Count == 0)
            return new Region(Variable, [new Interval(MinusInfinity, false, Node.Infinity, false)]);
        var result = new List<Interval>();
        var (low, closed) = (MinusInfinity, false);
        foreach (var interval in Ordered(expressions))
        {
            if (expressions.Constant(interval.Low) is not { } value || expressions.Constant(interval.High) is null)
                return null;
            if (!double.IsNegativeInfinity(value))
                result.Add(new Interval(low, closed, interval.Low, !interval.LowClosed));
            (low, closed) = (interval.High, !interval.HighClosed);
        }

        if (ExpressionComparer.InfinitySign(low) <= 0)
            result.Add(new Interval(low, closed, Node.Infinity, false));
        return new Region(Variable, result);
    }

    private static Region? Points(Node set) => Array.TrueForAll(set.Items, i => i.IsExpression)
        ? new Region(null, [.. set.Items.Select(i => new Interval(i, true, i, true))])
        : null;

    private static Region? Join(Node node, ExpressionComparer expressions)
    {
        var intervals = new List<Interval>();
        foreach (var item in node.Items)
        {
            if (Read(item, expressions) is not { } part)
                return null;
            intervals.AddRange(part.Intervals);
        }

        return new Region(null, intervals);
    }

    private static Region? Condition(Node node, ExpressionComparer expressions)
    {
        var operators = node.Name.Split(' ');
        if (operators is ["in"] && node.Items[0].Kind == NodeKind.Symbol && node.Items[1].Kind == NodeKind.Relation)
            return null;
        if (operators is ["in"])
            return node.Items[0].Kind == NodeKind.Symbol && Read(node.Items[1], expressions) is { } region ? region with { Variable = node.Items[0].Name } : null;
        if (operators.Length == 1)
        {
            var (a, b) = (node.Items[0], node.Items[1]);
            if (a.Kind == NodeKind.Symbol && IsBound(b, a.Name))
                return OneSided(a.Name, operators[0], b);
            if (b.Kind == NodeKind.Symbol && IsBound(a, b.Name))
                return OneSided(b.Name, Flip(operators[0]), a);
            return a is { Kind: NodeKind.Function, Name: "abs" } && !b.Contains(NodeKind.Symbol) ? Distance(a.Items[0], operators[0], b, expressions) : null;
        }

        if (operators.Length != 2 || node.Items[1].Kind != NodeKind.Symbol || operators[0][0] != operators[1][0] || operators[0][0] is not ('<' or '>'))
            return null;
        var name = node.Items[1].Name;
        var (low, high) = operators[0][0] == '<' ? (0, 2) : (2, 0);
        return IsBound(node.Items[low], name) && IsBound(node.Items[high], name)
            ? new Region(name, [new Interval(node.Items[low], operators[low / 2].Length == 2, node.Items[high], operators[high / 2].Length == 2)])
            : null;
    }

    /// <summary><c>|x − a| &lt; r</c> and the like.</summary>
    private static Region? Distance(Node inside, string relation, Node radius, ExpressionComparer expressions)
    {
        var (name, centre) = inside switch
        {
            { Kind: NodeKind.Symbol } => (inside.Name, Node.Number(0)),
            { Kind: NodeKind.Sum, Items: [{ Kind: NodeKind.Symbol } x, var shift] } when !shift.Contains(NodeKind.Symbol) => (x.Name, Node.Negative(shift)),
            _ => (null, null),
        };
        if (name is null || expressions.Constant(radius) is not > 0)
            return null;
        var (low, high) = (Node.Difference(centre!, radius), Node.Sum(centre!, radius));
        var closed = relation.Length == 2;
        return relation[0] switch
        {
            '<' => new Region(name, [new Interval(low, closed, high, closed)]),
            '>' => new Region(name, [new Interval(MinusInfinity, false, low, closed), new Interval(high, closed, Node.Infinity, false)]),
            _ => null,
        };
    }

    private static bool IsBound(Node node, string name) => node.IsExpression && !node.Contains(NodeKind.Symbol, name) && !node.Contains(NodeKind.Relation);

    private static string Flip(string name) => name[0] switch { '<' => ">" + name[1..], '>' => "<" + name[1..], _ => name };

    private static Region? OneSided(string name, string relation, Node bound) => relation switch
    {
        "<" or "<=" => new Region(name, [new Interval(MinusInfinity, false, bound, relation.Length == 2)]),
        ">" or ">=" => new Region(name, [new Interval(bound, relation.Length == 2, Node.Infinity, false)]),
        "!=" => new Region(name, [new Interval(MinusInfinity, false, bound, false), new Interval(bound, false, Node.Infinity, false)]),
        _ => null,
    };

    /// <summary>Conditions joined by "or" are a union; joined by "and" or a comma they hold together.</summary>
    private static Region? Combine(Node list, ExpressionComparer expressions)
    {
        var regions = new List<Region>();
        foreach (var item in list.Items)
        {
            if (item.Kind != NodeKind.Relation || Condition(item, expressions) is not { } region || region.Variable != (regions.Count > 0 ? regions[0].Variable : region.Variable))
                return null;
            regions.Add(region);
        }

        var union = new Region(regions[0].Variable, [.. regions.SelectMany(r => r.Intervals)]);
        if (list.Name == "or" || regions.Count < 2)
            return union;
        var both = regions[0];
        foreach (var region in regions.Skip(1))
        {
            if (both.Intersect(region, expressions) is not { } common)
                return null;
            both = common;
        }

        // Conditions that exclude one another, separated by a comma, are the two parts of a union.
        return both.Intervals.Count > 0 || list.Name == "and" ? both : union;
    }
}
