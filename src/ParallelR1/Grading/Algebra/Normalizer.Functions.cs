using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>Functions of the integers: factorials, binomials, divisors, sums over a range.</summary>
internal sealed partial class Normalizer
{
    private const int MaximumShift = 20;
    private const int MaximumDegree = 8;

    private Fraction Function(Node node)
    {
        var name = node.Name;
        if (name.StartsWith("mark ", StringComparison.Ordinal) || name is "cases")
            return Opaque(node.ToString(), BigRational.One);
        if (name is "sum" or "product")
            return (name == "sum" ? SumOverRange(node) : null) ?? Opaque(node.ToString(), BigRational.One);
        if (name.StartsWith("call ", StringComparison.Ordinal))
            return Call(node);
        var arguments = Array.ConvertAll(node.Items, Normalize);
        var argument = arguments[0];
        switch (name)
        {
            case "log":
                return Multiply(Logarithm(argument), Power(Logarithm(arguments[1]), Constant(BigRational.MinusOne)));
            case "ln":
                return Logarithm(argument);
            case UnitMarks.Prefix + "°":
                return Multiply(argument, Multiply(OfAtom(AtomKind.Pi, "π"), Constant(BigRational.Of(1, 180))));
            case UnitMarks.Prefix + "%":
                return Multiply(argument, Constant(BigRational.Of(1, 100)));
            case "binom":
                return Binomial(argument, arguments[1]);
            case "permutations":
                return Multiply(Factorial(argument), IntegerPower(Factorial(Add(argument, Negative(arguments[1]))), BigRational.MinusOne));
            case "!":
                return Factorial(argument);
            case "gcd" or "lcm" or "max" or "min" or "mod":
                var keys = arguments.Select(a => a.Key);
                return OfConstants(name, arguments) ?? Opaque($"{name}({string.Join(',', name == "mod" ? keys : keys.Order(StringComparer.Ordinal))})", BigRational.One);
            case "abs":
                return Absolute(argument);
            default:
                break;
        }

        if (argument.AsConstant is { } value && OfConstant(name, value) is { } result)
            return result;
        return Opaque($"{name}({argument.Key})", BigRational.One);
    }

    private Fraction Negative(Fraction a) => Multiply(Constant(BigRational.MinusOne), a);

    /// <summary>A function that is known by name only; beside a name that is known as a variable it is a product.</summary>
    private Fraction Call(Node node)
    {
        var name = node.Name[5..];
        if (name is "C" or "P" && node.Items[0] is { Kind: NodeKind.Tuple, Items: [{ IsExpression: true } n, { IsExpression: true } k] })
            return Function(Node.Function(name == "C" ? "binom" : "permutations", n, k));
        if (IsProduct(name))
            return Multiply(OfAtom(AtomKind.Symbol, name), Normalize(node.Items[0]));
        var arguments = node.Items[0].Kind == NodeKind.Tuple ? node.Items[0].Items : node.Items;
        return arguments.All(a => a.IsExpression)
            ? Opaque($"{name}({string.Join(',', arguments.Select(a => Normalize(a).Key))})", BigRational.One)
            : Undefined();
    }

    private bool IsProduct(string name) => variables is null ? !Node.IsFunctionName(name) : variables.Contains(name) || !Node.IsFunctionName(name);

    /// <summary>The absolute value, of which the sign of the argument says nothing.</summary>
    private Fraction Absolute(Fraction argument)
    {
        if (argument.AsConstant is { } value)
            return Constant(value.Sign < 0 ? -value : value);
        var key = argument.Key;
        var negative = Negative(argument).Key;
        return Opaque($"abs({(string.CompareOrdinal(key, negative) <= 0 ? key : negative)})", BigRational.One);
    }

    private static Fraction? OfConstant(string name, BigRational value) => name switch
    {
        "floor" => Constant(BigRational.Of(value.Floor())),
        "ceil" => Constant(BigRational.Of(-(-value).Floor())),
        "sin" or "tan" or "arcsin" or "arctan" or "sinh" or "tanh" when value.IsZero => Constant(value),
        "cos" or "cosh" when value.IsZero => Constant(BigRational.One),
        _ => null,
    };

    private static Fraction? OfConstants(string name, Fraction[] arguments)
    {
        if (!Array.TrueForAll(arguments, a => a.AsConstant is not null))
            return null;
        var values = Array.ConvertAll(arguments, a => a.AsConstant!.Value);
        if (name is "max" or "min")
            return Constant(name == "max" ? values.Aggregate((a, b) => a.CompareTo(b) >= 0 ? a : b) : values.Aggregate((a, b) => a.CompareTo(b) <= 0 ? a : b));
        if (!Array.TrueForAll(values, v => v.IsInteger) || (name == "mod" && (values.Length != 2 || values[1].Sign <= 0)))
            return null;
        var integers = Array.ConvertAll(values, v => v.Numerator);
        return Constant(BigRational.Of(name switch
        {
            "gcd" => integers.Aggregate(BigInteger.GreatestCommonDivisor),
            "lcm" => integers.Aggregate((a, b) => a.IsZero || b.IsZero ? BigInteger.Zero : BigInteger.Abs(a / BigInteger.GreatestCommonDivisor(a, b) * b)),
            _ => ((integers[0] % integers[1]) + integers[1]) % integers[1],
        }));
    }

    /// <summary>A factorial as that of its argument without the constant term, times or through the factors between.</summary>
    private Fraction Factorial(Fraction of)
    {
        if (of.AsConstant is { } value)
            return value.IsInteger && value.Sign >= 0 ? Constant(Factorial(value.Numerator)) : Opaque($"!({of.Key})", BigRational.One);
        if (of.HasDenominator || !of.Numerator.Terms.TryGetValue(Monomial.Unit, out var shift))
            return Opaque($"!({of.Key})", BigRational.One);
        if (!shift.IsInteger || BigInteger.Abs(shift.Numerator) > MaximumShift)
            return Opaque($"!({of.Key})", BigRational.One);
        var core = Add(of, Constant(-shift));
        var result = Opaque($"!({core.Key})", BigRational.One);
        for (var i = 1; i <= (int)shift.Numerator; i++)
            result = Multiply(result, Add(core, Constant(BigRational.Of(i))));
        for (var i = 0; i > (int)shift.Numerator; i--)
            result = Multiply(result, IntegerPower(Add(core, Constant(BigRational.Of(i))), BigRational.MinusOne));
        return result;
    }

    private BigRational Factorial(BigInteger n)
    {
        if (n > MaximumFactorial)
            throw new BudgetExceededException();
        budget.Spend((int)n);
        var product = BigInteger.One;
        for (var i = 2; i <= (int)n; i++)
            product *= i;
        return BigRational.Of(product);
    }

    private Fraction Binomial(Fraction above, Fraction below)
    {
        if (above.AsConstant is { IsInteger: true, Sign: >= 0 } n && below.AsConstant is { IsInteger: true, Sign: >= 0 } k)
            return Binomial(n.Numerator, k.Numerator);
        var rest = Add(above, Negative(below));
        foreach (var chosen in new[] { below, rest })
        {
            if (chosen.AsConstant is { IsInteger: true, Sign: >= 0 } count && count.Numerator <= MaximumShift)
                return Falling(above, (int)count.Numerator);
        }

        return Multiply(Factorial(above), IntegerPower(Multiply(Factorial(below), Factorial(rest)), BigRational.MinusOne));
    }

    private static Fraction Binomial(BigInteger n, BigInteger k)
    {
        if (n > MaximumFactorial)
            throw new BudgetExceededException();
        if (k > n)
            return Constant(BigRational.Zero);
        var result = BigInteger.One;
        for (var i = 1; i <= (int)k; i++)
            result = result * (n - k + i) / i;
        return Constant(BigRational.Of(result));
    }

    /// <summary>n (n − 1) … (n − k + 1) / k!.</summary>
    private Fraction Falling(Fraction n, int k)
    {
        var result = Constant(BigRational.One);
        for (var i = 0; i < k; i++)
            result = Multiply(Multiply(result, Add(n, Constant(BigRational.Of(-i)))), Constant(BigRational.Of(1, i + 1)));
        return result;
    }

    /// <summary>A sum of a polynomial up to a symbolic bound, by the sums of powers; null for other sums.</summary>
    private Fraction? SumOverRange(Node node)
    {
        if (node.Items is not [var body, { Kind: NodeKind.Symbol } index, var from, var to])
            return null;
        if (to.Kind == NodeKind.Infinity)
            return GeometricSeries(body, index.Name, from);
        var of = Normalize(body);
        if (of.HasDenominator)
            return null;
        var coefficients = new Fraction[MaximumDegree + 1];
        Array.Fill(coefficients, Constant(BigRational.Zero));
        foreach (var (monomial, coefficient) in of.Numerator.Terms)
        {
            var degree = BigRational.Zero;
            foreach (var (atom, exponent) in monomial.Factors)
            {
                if (atom.Kind == AtomKind.Symbol && atom.Key == index.Name)
                    degree = exponent;
                else if (atom.Kind is AtomKind.Opaque or AtomKind.Exponential && atom.Key.Contains(index.Name, StringComparison.Ordinal))
                    return null;
            }

            if (!degree.IsInteger || degree.Sign < 0 || degree.Numerator > MaximumDegree)
                return null;
            var rest = new Monomial([.. monomial.Factors.Where(f => !(f.Atom.Kind == AtomKind.Symbol && f.Atom.Key == index.Name))]);
            coefficients[(int)degree.Numerator] = Add(coefficients[(int)degree.Numerator], OfMonomial(coefficient, rest));
        }

        var upper = PowerSums(Normalize(to));
        var lower = PowerSums(Add(Normalize(from), Constant(BigRational.MinusOne)));
        var result = Constant(BigRational.Zero);
        for (var p = 0; p <= MaximumDegree; p++)
        {
            if (!coefficients[p].Numerator.IsZero)
                result = Add(result, Multiply(coefficients[p], Add(upper(p), Negative(lower(p)))));
        }

        return result;
    }

    /// <summary>An infinite sum whose terms have a constant ratio below one; null for others.</summary>
    private Fraction? GeometricSeries(Node body, string index, Node from)
    {
        if (from is not { Kind: NodeKind.Number, Value.IsInteger: true })
            return null;
        var first = Normalize(body.Substitute(index, from));
        var symbolic = Multiply(Normalize(body.Substitute(index, Node.Sum(Node.Symbol(index), Node.Number(1)))), IntegerPower(Normalize(body), BigRational.MinusOne));
        if (symbolic.AsConstant is not { } ratio || ratio.IsZero || ratio.Numerator.CompareTo(ratio.Denominator) >= 0 || (-ratio.Numerator).CompareTo(ratio.Denominator) >= 0)
            return null;
        return Multiply(first, Constant((BigRational.One + -ratio).Inverse()));
    }

    /// <summary>1^p + 2^p + … + n^p as a polynomial in n, from the sums of lower powers.</summary>
    private Func<int, Fraction> PowerSums(Fraction n)
    {
        var known = new List<Fraction>();
        return power =>
        {
            for (var p = known.Count; p <= power; p++)
            {
                var sum = Add(IntegerPower(Add(n, Constant(BigRational.One)), BigRational.Of(p + 1)), Constant(BigRational.MinusOne));
                var ways = BigInteger.One;
                for (var j = 0; j < p; j++)
                {
                    sum = Add(sum, Multiply(Constant(BigRational.Of(-ways)), known[j]));
                    ways = ways * (p + 1 - j) / (j + 1);
                }

                known.Add(Multiply(sum, Constant(BigRational.Of(1, p + 1))));
            }

            return known[power];
        };
    }
}
