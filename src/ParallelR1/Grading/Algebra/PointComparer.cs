using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>
/// Compares expressions by their values, first in double precision and then with a hundred decimals. Between two places where an absolute value,
/// a logarithm, a root or a case changes, both are analytic: there a few points decide. So points are taken from every such piece;
/// where the pieces cannot be told, there is no verdict.
/// </summary>
/// <remarks>
/// Expressions of real variables without i are compared as real functions: where one has no value, the other must have none either.
/// </remarks>
internal sealed class PointComparer(Budget budget)
{
    private const int Points = 6;
    private const int PointsWithCuts = 40;
    private const int PrecisePoints = 2;
    private const int MaximumVariables = 12;
    private const int MaximumCuts = 12;
    private const double DoubleTolerance = 1e-7;
    private static readonly RandomKey Seed = RandomKey.FromSeed(20_250_101);
    private static readonly BigInteger Tiny = BigInteger.One << (FixedPoint.Bits - 80);

    /// <summary>Whether the two are equal; null where that cannot be told.</summary>
    /// <exception cref="BudgetExceededException">The budget has ended, or no point has a value.</exception>
    public bool? Compare(Node a, Node b, IReadOnlySet<string>? functionsAsVariables)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Collect(a, names);
        Collect(b, names);
        if (names.Count > MaximumVariables)
            throw new BudgetExceededException();
        if (names.Count == 0)
            return Agree(a, b, [new Dictionary<string, BigRational>()], isReal: false, functionsAsVariables);

        var cuts = new Cuts(budget);
        cuts.Collect(a);
        cuts.Collect(b);
        if (cuts.Arguments.Count > MaximumCuts)
            return null;
        var points = Enumerable.Range(0, cuts.Arguments.Count > 0 && names.Count > 1 ? PointsWithCuts : Points).Select(k => Point(names, k)).ToList();
        if (cuts.Arguments.Count > 0 && names.Count == 1)
            points.InsertRange(PrecisePoints, cuts.PointsOfPieces(names.Min!).Select(x => new Dictionary<string, BigRational> { [names.Min!] = x }));
        var isReal = cuts.Arguments.Count > 0 && !a.Contains(NodeKind.Imaginary) && !b.Contains(NodeKind.Imaginary);
        var agree = Agree(a, b, points, isReal, functionsAsVariables);
        return agree == true && cuts.AreOpen(names.Count) ? null : agree;
    }

    private bool? Agree(Node a, Node b, List<Dictionary<string, BigRational>> points, bool isReal, IReadOnlySet<string>? functionsAsVariables)
    {
        var used = 0;
        foreach (var point in points)
        {
            var first = new Evaluator<Complex, DoubleArithmetic>(point, budget, functionsAsVariables);
            var second = new Evaluator<Complex, DoubleArithmetic>(point, budget, functionsAsVariables);
            if (!first.TryEvaluate(a, out var x) || !second.TryEvaluate(b, out var y))
                return null;
            if (isReal && first.HasLeftReals != second.HasLeftReals)
                return false;
            if (!IsFinite(x) || !IsFinite(y) || (isReal && first.HasLeftReals))
                continue;
            used++;
            if (Complex.Abs(x - y) > DoubleTolerance * Math.Max(Complex.Abs(x), Complex.Abs(y)))
                return false;
            if (used > PrecisePoints)
                continue;
            var precise = new Evaluator<PreciseComplex, PreciseArithmetic>(point, budget, functionsAsVariables);
            if (!precise.TryEvaluate(a, out var p) || !precise.TryEvaluate(b, out var q))
                return null;
            switch (AreClose(p, q))
            {
                case false:
                    return false;
                case null:
                    used--;
                    break;
                default:
                    break;
            }
        }

        return used > 0 ? true : throw new BudgetExceededException();
    }

    private static bool IsFinite(Complex value) => double.IsFinite(value.Real) && double.IsFinite(value.Imaginary);

    /// <summary>Null where both are too small to be told from nought.</summary>
    private static bool? AreClose(PreciseComplex a, PreciseComplex b)
    {
        var size = BigInteger.Max(
            BigInteger.Max(BigInteger.Abs(a.Real), BigInteger.Abs(b.Real)), BigInteger.Max(BigInteger.Abs(a.Imaginary), BigInteger.Abs(b.Imaginary)));
        if (size < Tiny)
            return null;
        var tolerance = (size >> 230) + (BigInteger.One << 90);
        return BigInteger.Abs(a.Real - b.Real) <= tolerance && BigInteger.Abs(a.Imaginary - b.Imaginary) <= tolerance;
    }

    /// <summary>
    /// The values at a point: the first positive and the second negative, between a third and three; then of either sign, and every third
    /// of them up to fifty. The same for the same names.
    /// </summary>
    private static Dictionary<string, BigRational> Point(SortedSet<string> variables, int index)
    {
        var point = new Dictionary<string, BigRational>();
        foreach (var name in variables)
        {
            var key = Seed.Fold(name).Fold(index);
            var value = BigRational.Of(700 + key.Next(5400) * (index % 3 == 2 ? 19 : 1), 2048);
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
