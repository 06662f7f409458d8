using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>The places where the functions of an expression stop being analytic: zeros of what stands in an absolute value, a logarithm, a root or a condition.</summary>
internal sealed class Cuts(Budget budget)
{
    private const int MaximumDegree = 12;
    private const int Bisections = 50;
    private const double Reach = 1e6;

    private readonly HashSet<string> _keys = [];
    private bool _isOpen;

    /// <summary>What changes the function when it changes its sign.</summary>
    public List<Node> Arguments { get; } = [];

    /// <summary>Whether pieces may have been missed: jumps at every integer, or cuts in several variables that are no lines.</summary>
    public bool AreOpen(int variables) => _isOpen || (variables > 1 && Arguments.Exists(a => !IsSimple(a)));

    public void Collect(Node node)
    {
        budget.Spend();
        if (node.Kind == NodeKind.Power && node.Items[0].Contains(NodeKind.Symbol) && !(node.Items[1] is { Kind: NodeKind.Number, Value.IsInteger: true }))
            Add(node.Items[0]);
        if (node.Kind == NodeKind.Function && node.Contains(NodeKind.Symbol))
        {
            switch (node.Name)
            {
                case "abs" or "ln" or "log":
                    Add(node.Items[0]);
                    break;
                case "arcsin" or "arccos":
                    Add(Node.Difference(Node.Number(1), node.Items[0]));
                    Add(Node.Sum(Node.Number(1), node.Items[0]));
                    break;
                case "max" or "min" when node.Items.Length == 2:
                    Add(Node.Difference(node.Items[0], node.Items[1]));
                    break;
                case "cases":
                    foreach (var condition in node.Items.Where(i => i.Kind == NodeKind.Relation))
                    {
                        for (var i = 1; i < condition.Items.Length; i++)
                            Add(Node.Difference(condition.Items[i - 1], condition.Items[i]));
                    }

                    break;
                case "floor" or "ceil" or "mod" or "gcd" or "lcm" or "max" or "min":
                    _isOpen = true;
                    break;
                default:
                    break;
            }
        }

        foreach (var item in node.Items)
            Collect(item);
    }

    private void Add(Node argument)
    {
        if (argument.Contains(NodeKind.Symbol) && _keys.Add(argument.ToString()))
            Arguments.Add(argument);
    }

    /// <summary>A variable, or a sum of multiples of variables.</summary>
    private static bool IsSimple(Node node) => node.Kind switch
    {
        NodeKind.Number or NodeKind.Symbol or NodeKind.Pi or NodeKind.Euler => true,
        NodeKind.Sum => Array.TrueForAll(node.Items, IsSimple),
        NodeKind.Product => node.Items.Count(i => i.Contains(NodeKind.Symbol)) <= 2 && Array.TrueForAll(node.Items, IsSimple),
        NodeKind.Power => IsSimple(node.Items[0]) && node.Items[1] is { Kind: NodeKind.Number, Value.IsInteger: true },
        _ => false,
    };

    /// <summary>Points between and beyond all cuts in one variable.</summary>
    public IEnumerable<BigRational> PointsOfPieces(string name)
    {
        var cuts = new SortedSet<double>();
        foreach (var argument in Arguments)
        {
            foreach (var root in Polynomial(argument, name) is { } coefficients ? RealRoots(coefficients) : SignChanges(argument, name))
                cuts.Add(root);
        }

        if (cuts.Count == 0)
            cuts.Add(0);
        var previous = double.NaN;
        foreach (var cut in cuts)
        {
            if (double.IsNaN(previous))
            {
                yield return Exactly(cut - 1.37);
                yield return Exactly(cut - 31.9);
            }
            else if (cut - previous > 1e-9 * (1 + Math.Abs(cut)))
            {
                yield return Exactly(previous + 0.37 * (cut - previous));
                yield return Exactly(previous + 0.81 * (cut - previous));
            }

            previous = cut;
        }

        yield return Exactly(previous + 1.37);
        yield return Exactly(previous + 31.9);
    }

    private static BigRational Exactly(double value)
    {
        const int Scale = 1 << 30;
        return BigRational.Of(new BigInteger(Math.Round(value * Scale)), Scale);
    }

    /// <summary>The coefficients of a polynomial in the variable, the constant first; null for anything else.</summary>
    private double[]? Polynomial(Node argument, string name)
    {
        var normalizer = new Normalizer(budget);
        var form = normalizer.Normalize(argument);
        if (normalizer.IsUndefined)
            return null;
        var coefficients = new double[MaximumDegree + 1];
        foreach (var (monomial, coefficient) in form.Numerator.Terms)
        {
            var degree = 0;
            foreach (var (atom, exponent) in monomial.Factors)
            {
                if (atom.Kind != AtomKind.Symbol || atom.Key != name || !exponent.IsInteger || exponent.Sign < 0 || exponent.Numerator > MaximumDegree)
                    return null;
                degree = (int)exponent.Numerator;
            }

            coefficients[degree] = coefficient.ToDouble();
        }

        return form.HasDenominator ? null : coefficients;
    }

    /// <summary>The real roots, by those of the derivative, between which a polynomial is monotone.</summary>
    private List<double> RealRoots(double[] coefficients)
    {
        var degree = Array.FindLastIndex(coefficients, c => c != 0);
        if (degree < 1)
            return [];
        budget.Spend(Bisections * degree);
        var derivative = new double[degree];
        for (var i = 1; i <= degree; i++)
            derivative[i - 1] = i * coefficients[i];
        var bound = 1 + coefficients.Take(degree).Max(c => Math.Abs(c / coefficients[degree]));
        List<double> ends = [-bound, .. RealRoots(derivative), bound];
        var roots = new List<double>();
        double Value(double x) => coefficients.Take(degree + 1).Reverse().Aggregate(0.0, (sum, c) => sum * x + c);
        for (var i = 0; i + 1 < ends.Count; i++)
        {
            if (Math.Abs(Value(ends[i])) < 1e-9 * (1 + Math.Abs(coefficients[0])) && i > 0)
                roots.Add(ends[i]);
            if (Value(ends[i]) * Value(ends[i + 1]) < 0)
                roots.Add(Bisect(Value, ends[i], ends[i + 1]));
        }

        return roots;
    }

    /// <summary>Where anything else changes its sign, as far as a grid shows.</summary>
    private List<double> SignChanges(Node argument, string name)
    {
        var grid = new List<double>();
        for (var x = 0.0; x < Reach; x += x < 10 ? 0.25 : x / 3)
            grid.AddRange(x == 0 ? [x] : [x, -x]);
        grid.Sort();
        double Value(double x)
        {
            var evaluator = new Evaluator<Complex, DoubleArithmetic>(new Dictionary<string, BigRational> { [name] = Exactly(x) }, budget);
            return evaluator.TryEvaluate(argument, out var value) && Math.Abs(value.Imaginary) < 1e-9 * (1 + Math.Abs(value.Real)) ? value.Real : double.NaN;
        }

        var found = new List<double>();
        var last = double.NaN;
        for (var i = 0; i < grid.Count; i++)
        {
            var value = Value(grid[i]);
            if (i > 0 && (value * last < 0 || double.IsNaN(value) != double.IsNaN(last)))
                found.Add(0.5 * (grid[i] + grid[i - 1]));
            last = value;
        }

        return found;
    }

    private static double Bisect(Func<double, double> value, double low, double high)
    {
        var sign = Math.Sign(value(low));
        for (var i = 0; i < Bisections; i++)
        {
            var middle = 0.5 * (low + high);
            if (Math.Sign(value(middle)) == sign)
                low = middle;
            else
                high = middle;
        }

        return 0.5 * (low + high);
    }
}
