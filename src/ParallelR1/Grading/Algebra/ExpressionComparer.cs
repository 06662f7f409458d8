using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>
/// Whether two expressions are equal as functions of the same variables: by normal forms where these decide, otherwise by their values
/// at points of every piece of their domain.
/// </summary>
internal sealed class ExpressionComparer(Budget budget)
{
    private readonly PointComparer _points = new(budget);

    /// <summary>What the last comparison that found equality rested on.</summary>
    public string Rule { get; private set; } = "";

    /// <summary>Whether some comparison came to no end, so that what was not found equal may be equal.</summary>
    public bool IsUndecided { get; private set; }

    public bool AreEqual(Node a, Node b)
    {
        if (a.Kind == NodeKind.Number && b.Kind == NodeKind.Number)
            return a.Value == b.Value && Because("equal numbers");
        if (!a.IsExpression || !b.IsExpression)
            return false;
        if ((a.Contains(NodeKind.Infinity) || b.Contains(NodeKind.Infinity)) && !HasSeries(a) && !HasSeries(b))
            return InfinitySign(a) is var sign and not 0 && sign == InfinitySign(b) && Because("equal infinities");

        var variables = Variables(a, b);
        var normalizer = new Normalizer(budget, variables);
        var difference = normalizer.Difference(normalizer.Normalize(a), normalizer.Normalize(b));
        if (normalizer.IsUndefined)
            return false;
        if (difference.IsZero)
            return Because("equal normal forms");
        if (Normalizer.IsComplete(difference))
            return false;
        switch (_points.Compare(a, b, variables))
        {
            case true:
                return Because("equal values on every piece of the domain");
            case null:
                IsUndecided = true;
                return false;
            default:
                return false;
        }
    }

    private static bool HasSeries(Node node) => node.ContainsFunction("sum") || node.ContainsFunction("product");

    /// <summary>1 for plus infinity, −1 for minus infinity, 0 for anything else.</summary>
    public static int InfinitySign(Node node) => node.Kind switch
    {
        NodeKind.Infinity => 1,
        NodeKind.Product when node.Items is [{ Kind: NodeKind.Number } number, { Kind: NodeKind.Infinity }] => number.Value.Sign,
        _ => 0,
    };

    /// <summary>The value of a constant expression in double precision, or null.</summary>
    public double? Constant(Node node)
    {
        if (node.Kind == NodeKind.Number)
            return node.Value.ToDouble();
        if (InfinitySign(node) is var sign and not 0)
            return sign * double.PositiveInfinity;
        if (node.Contains(NodeKind.Symbol) || node.Contains(NodeKind.Infinity) || !node.IsExpression)
            return null;
        var evaluator = new Evaluator<Complex, DoubleArithmetic>(new Dictionary<string, BigRational>(), budget);
        return evaluator.TryEvaluate(node, out var value) && double.IsFinite(value.Real) && Math.Abs(value.Imaginary) < 1e-9 * (1 + Math.Abs(value.Real)) ? value.Real : null;
    }

    private bool Because(string rule)
    {
        Rule = rule;
        return true;
    }

    /// <summary>The names that occur as variables, where there are functions known by name only; else null.</summary>
    private static HashSet<string>? Variables(Node a, Node b)
    {
        if (!a.ContainsFunction("call ") && !b.ContainsFunction("call "))
            return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        Collect(a, names);
        Collect(b, names);
        names.ExceptWith(["f", "g", "h"]);
        return names;
    }

    private static void Collect(Node node, HashSet<string> names)
    {
        if (node.Kind == NodeKind.Symbol)
            names.Add(node.Name);
        foreach (var item in node.Items)
            Collect(item, names);
    }
}
