using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>
/// Whether two expressions are equal as functions of the same variables: by normal forms where these decide, otherwise by their values
/// at seeded points of either sign, first in double precision and then with a hundred decimals.
/// </summary>
internal sealed class ExpressionComparer(Budget budget)
{
    private const int Points = 6;
    private const int PrecisePoints = 2;
    private const int MaximumVariables = 12;
    private const double DoubleTolerance = 1e-7;
    private static readonly RandomKey Seed = RandomKey.FromSeed(20_250_101);
    private static readonly BigInteger Tiny = BigInteger.One << (FixedPoint.Bits - 80);

    /// <summary>What the last comparison that found equality rested on.</summary>
    public string Rule { get; private set; } = "";

    public bool AreEqual(Node a, Node b)
    {
        if (a.Kind == NodeKind.Number && b.Kind == NodeKind.Number)
            return a.Value == b.Value && Because("equal numbers");
        if (!a.IsExpression || !b.IsExpression)
            return false;
        if (a.Contains(NodeKind.Infinity) || b.Contains(NodeKind.Infinity))
            return InfinitySign(a) is var sign and not 0 && sign == InfinitySign(b) && Because("equal infinities");

        var normalizer = new Normalizer(budget);
        var difference = normalizer.Difference(normalizer.Normalize(a), normalizer.Normalize(b));
        if (normalizer.IsUndefined)
            return false;
        if (difference.IsZero)
            return Because("equal normal forms");
        return !Normalizer.IsComplete(difference) && AgreeAtPoints(a, b) && Because("equal values at sampled points");
    }

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

    private bool AgreeAtPoints(Node a, Node b)
    {
        var variables = new SortedSet<string>(StringComparer.Ordinal);
        Collect(a, variables);
        Collect(b, variables);
        if (variables.Count > MaximumVariables)
            throw new BudgetExceededException();
        var points = variables.Count == 0 ? 1 : Points;
        var used = 0;
        for (var k = 0; k < points; k++)
        {
            var evaluator = new Evaluator<Complex, DoubleArithmetic>(Point(variables, k), budget);
            if (!evaluator.TryEvaluate(a, out var x) || !evaluator.TryEvaluate(b, out var y))
                return false;
            if (!IsFinite(x) || !IsFinite(y))
                continue;
            used++;
            if (Complex.Abs(x - y) > DoubleTolerance * Math.Max(Complex.Abs(x), Complex.Abs(y)))
                return false;
        }

        if (used == 0)
            throw new BudgetExceededException();
        for (var k = 0; k < Math.Min(points, PrecisePoints); k++)
        {
            var evaluator = new Evaluator<PreciseComplex, PreciseArithmetic>(Point(variables, k), budget);
            if (!evaluator.TryEvaluate(a, out var x) || !evaluator.TryEvaluate(b, out var y) || !AreClose(x, y))
                return false;
        }

        return true;
    }

    private static bool IsFinite(Complex value) => double.IsFinite(value.Real) && double.IsFinite(value.Imaginary);

    private static bool AreClose(PreciseComplex a, PreciseComplex b)
    {
        var size = BigInteger.Max(
            BigInteger.Max(BigInteger.Abs(a.Real), BigInteger.Abs(b.Real)), BigInteger.Max(BigInteger.Abs(a.Imaginary), BigInteger.Abs(b.Imaginary)));
        if (size < Tiny)
            throw new BudgetExceededException();
        var tolerance = (size >> 230) + (BigInteger.One << 90);
        return BigInteger.Abs(a.Real - b.Real) <= tolerance && BigInteger.Abs(a.Imaginary - b.Imaginary) <= tolerance;
    }

    /// <summary>The values at a point: between a third and three, first positive, then negative, then of either sign; the same for the same names.</summary>
    private static Dictionary<string, BigRational> Point(SortedSet<string> variables, int index)
    {
        var point = new Dictionary<string, BigRational>();
        foreach (var name in variables)
        {
            var key = Seed.Fold(name).Fold(index);
            var value = BigRational.Of(700 + key.Next(5400), 2048);
            point[name] = index == 0 || (index > 1 && key.Next(2, 1) == 0) ? value : -value;
        }

        return point;
    }

    private static void Collect(Node node, SortedSet<string> names)
    {
        if (node.Kind == NodeKind.Symbol)
            names.Add(node.Name);
        else if (node.Kind == NodeKind.Function && node.Name.StartsWith("call ", StringComparison.Ordinal))
            names.Add(node.Name[5..]);
        foreach (var item in node.Items)
            Collect(item, names);
    }
}
