using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>Evaluates expressions for given values of their variables, in either arithmetic.</summary>
internal sealed partial class Evaluator<T, TArithmetic>(IReadOnlyDictionary<string, BigRational> values, Budget budget, IReadOnlySet<string>? functionsAsVariables = null)
    where TArithmetic : IComplexArithmetic<T>
{
    private const int MaximumSquarings = 4096;

    /// <summary>Whether a logarithm or an even root of a negative number was met.</summary>
    public bool HasLeftReals { get; private set; }

    private static T One => TArithmetic.Of(BigRational.One);

    private static T I => TArithmetic.ImaginaryUnit;

    /// <summary>The value; false where the expression holds something that has none.</summary>
    public bool TryEvaluate(Node node, out T value)
    {
        budget.Spend(node.Kind is NodeKind.Power or NodeKind.Function ? TArithmetic.Cost : 2);
        value = One;
        switch (node.Kind)
        {
            case NodeKind.Number:
                value = TArithmetic.Of(node.Value);
                return true;
            case NodeKind.Symbol:
                value = TArithmetic.Of(values[node.Name]);
                return true;
            case NodeKind.Pi:
                value = TArithmetic.Pi;
                return true;
            case NodeKind.Euler:
                value = TArithmetic.Exp(One);
                return true;
            case NodeKind.Imaginary:
                value = I;
                return true;
            case NodeKind.Sum:
                value = TArithmetic.Of(BigRational.Zero);
                return Fold(node, TArithmetic.Add, ref value);
            case NodeKind.Product:
                return Fold(node, TArithmetic.Multiply, ref value);
            case NodeKind.Power:
                return TryPower(node, out value);
            case NodeKind.Function:
                return TryFunction(node, out value);
            default:
                return false;
        }
    }

    private bool Fold(Node node, Func<T, T, T> operation, ref T value)
    {
        foreach (var item in node.Items)
        {
            if (!TryEvaluate(item, out var next))
                return false;
            value = operation(value, next);
        }

        return true;
    }

    private bool TryPower(Node node, out T value)
    {
        if (!TryEvaluate(node.Items[0], out value))
            return false;
        if (Rational(node.Items[1]) is { } power)
        {
            if (power.IsInteger && power.Bits <= 12 && (int)power.Numerator is var n)
            {
                value = n < 0 ? TArithmetic.Inverse(IntegerPower(value, -n)) : IntegerPower(value, n);
                return true;
            }

            if (TArithmetic.IsNegativeReal(value) && !power.Denominator.IsEven)
            {
                value = Root(Negative(value), TArithmetic.Of(power));
                value = power.Numerator.IsEven ? value : Negative(value);
                return true;
            }
        }

        if (node.Items[0].Kind == NodeKind.Euler)
        {
            if (!TryEvaluate(node.Items[1], out var e))
                return false;
            value = TArithmetic.Exp(e);
            return true;
        }

        if (!TryEvaluate(node.Items[1], out var exponent))
            return false;
        HasLeftReals |= TArithmetic.IsNegativeReal(value);
        value = Root(value, exponent);
        return true;
    }

    private static T Root(T value, T exponent) =>
        TArithmetic.IsZero(value) ? value : TArithmetic.Exp(TArithmetic.Multiply(exponent, TArithmetic.Ln(value)));

    private T IntegerPower(T value, int power)
    {
        var result = One;
        for (var n = power; n > 0 && power <= MaximumSquarings; n >>= 1)
        {
            budget.Spend(2);
            if ((n & 1) != 0)
                result = TArithmetic.Multiply(result, value);
            if (n > 1)
                value = TArithmetic.Multiply(value, value);
        }

        return result;
    }

    /// <summary>The value of an exponent made of plain numbers.</summary>
    private static BigRational? Rational(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Number:
                return node.Value;
            case NodeKind.Power when node.Items[1].Kind == NodeKind.Number && node.Items[1].Value == BigRational.MinusOne:
                return Rational(node.Items[0]) is { IsZero: false } below ? below.Inverse() : null;
            case NodeKind.Product:
                var product = BigRational.One;
                foreach (var item in node.Items)
                {
                    if (Rational(item) is not { Bits: < 64 } factor)
                        return null;
                    product *= factor;
                }

                return product;
            default:
                return null;
        }
    }

    private bool TryExtreme(Node node, ref T value)
    {
        foreach (var item in node.Items.AsSpan(1))
        {
            if (!TryEvaluate(item, out var next))
                return false;
            var isLess = TArithmetic.IsNegativeReal(TArithmetic.Add(next, Negative(value)));
            if (isLess == (node.Name == "min"))
                value = next;
        }

        return true;
    }

    /// <summary>The value behind the first condition that holds; without one, no real value.</summary>
    private bool TryCases(Node node, out T value)
    {
        value = One;
        for (var i = 0; i + 1 < node.Items.Length; i += 2)
        {
            if (Holds(node.Items[i + 1]) is not { } holds)
                return false;
            if (holds)
                return TryEvaluate(node.Items[i], out value);
        }

        HasLeftReals = true;
        return true;
    }

    private bool? Holds(Node condition)
    {
        if (condition.Kind != NodeKind.Relation)
            return true;
        var operators = condition.Name.Split(' ');
        for (var i = 0; i < operators.Length; i++)
        {
            if (!TryEvaluate(condition.Items[i], out var left) || !TryEvaluate(condition.Items[i + 1], out var right))
                return null;
            var isLess = TArithmetic.IsNegativeReal(TArithmetic.Add(left, Negative(right)));
            var isGreater = TArithmetic.IsNegativeReal(TArithmetic.Add(right, Negative(left)));
            bool? holds = operators[i] switch
            {
                "<" => isLess,
                "<=" => !isGreater,
                ">" => isGreater,
                ">=" => !isLess,
                "=" => !isLess && !isGreater,
                "!=" => isLess
                || isGreater,
                _ => null
            };
            if (holds != true)
                return holds;
        }

        return true;
    }

    private bool TryFactorial(Node of, out T value)
    {
        value = One;
        if (Rational(of) is not { IsInteger: true, Sign: >= 0, Bits: < 10 } n)
            return false;
        for (var i = 2; i <= (int)n.Numerator; i++)
        {
            budget.Spend();
            value = TArithmetic.Multiply(value, TArithmetic.Of(BigRational.Of(i)));
        }

        return true;
    }
}
