using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

internal sealed partial class Evaluator<T, TArithmetic>
    where TArithmetic : IComplexArithmetic<T>
{
    private static T Negative(T a) => TArithmetic.Multiply(TArithmetic.Of(BigRational.MinusOne), a);

    private static T Scale(T a, int above, int below) => TArithmetic.Multiply(TArithmetic.Of(BigRational.Of(above, below)), a);

    private static T Divide(T a, T b) => TArithmetic.Multiply(a, TArithmetic.Inverse(b));

    private static T Sqrt(T a) => Root(a, TArithmetic.Of(BigRational.Of(1, 2)));

    /// <summary>(e^z ± e^-z) / 2.</summary>
    private static T Hyperbolic(T z, bool sine)
    {
        var up = TArithmetic.Exp(z);
        var down = TArithmetic.Exp(Negative(z));
        return Scale(TArithmetic.Add(up, sine ? Negative(down) : down), 1, 2);
    }

    private static T Sin(T z) => Negative(TArithmetic.Multiply(I, Hyperbolic(TArithmetic.Multiply(I, z), sine: true)));

    private static T Cos(T z) => Hyperbolic(TArithmetic.Multiply(I, z), sine: false);

    /// <summary>−i ln(iz + √(1 − z²)).</summary>
    private static T Arcsin(T z) => Negative(TArithmetic.Multiply(I, TArithmetic.Ln(TArithmetic.Add(
        TArithmetic.Multiply(I, z), Sqrt(TArithmetic.Add(One, Negative(TArithmetic.Multiply(z, z))))))));

    /// <summary>(i/2) (ln(1 − iz) − ln(1 + iz)).</summary>
    private static T Arctan(T z)
    {
        var iz = TArithmetic.Multiply(I, z);
        var difference = TArithmetic.Add(TArithmetic.Ln(TArithmetic.Add(One, Negative(iz))), Negative(TArithmetic.Ln(TArithmetic.Add(One, iz))));
        return Scale(TArithmetic.Multiply(I, difference), 1, 2);
    }

    private bool TryFunction(Node node, out T value)
    {
        if (node.Name == "cases")
            return TryCases(node, out value);
        value = One;
        if (node.Items[0].Kind == NodeKind.Tuple || node.Name is "sum" or "product")
            return false;
        if (!TryEvaluate(node.Items[0], out var z))
        {
            value = z;
            return false;
        }

        value = z;
        if (node.Name.StartsWith("call ", StringComparison.Ordinal))
        {
            var name = node.Name[5..];
            var factor = TArithmetic.Of(values[name]);
            var isProduct = !Node.IsFunctionName(name) || functionsAsVariables?.Contains(name) == true;
            value = isProduct ? TArithmetic.Multiply(factor, z) : Sin(TArithmetic.Add(factor, TArithmetic.Multiply(z, TArithmetic.Of(BigRational.Of(97, 89)))));
            return true;
        }

        switch (node.Name)
        {
            case "sin":
                value = Sin(z);
                return true;
            case "cos":
                value = Cos(z);
                return true;
            case "tan":
                value = Divide(Sin(z), Cos(z));
                return true;
            case "cot":
                value = Divide(Cos(z), Sin(z));
                return true;
            case "sec":
                value = TArithmetic.Inverse(Cos(z));
                return true;
            case "csc":
                value = TArithmetic.Inverse(Sin(z));
                return true;
            case "sinh":
                value = Hyperbolic(z, sine: true);
                return true;
            case "cosh":
                value = Hyperbolic(z, sine: false);
                return true;
            case "tanh":
                value = Divide(Hyperbolic(z, sine: true), Hyperbolic(z, sine: false));
                return true;
            case "arcsin":
                value = Arcsin(z);
                return true;
            case "arccos":
                value = TArithmetic.Add(Scale(TArithmetic.Pi, 1, 2), Negative(Arcsin(z)));
                return true;
            case "arctan":
                value = Arctan(z);
                return true;
            case "ln":
                HasLeftReals |= TArithmetic.IsNegativeReal(z);
                value = TArithmetic.Ln(z);
                return true;
            case "log":
                if (!TryEvaluate(node.Items[1], out var b))
                    return false;
                HasLeftReals |= TArithmetic.IsNegativeReal(z) || TArithmetic.IsNegativeReal(b);
                value = Divide(TArithmetic.Ln(z), TArithmetic.Ln(b));
                return true;
            case "abs":
                value = TArithmetic.Abs(z);
                return true;
            case UnitMarks.Prefix + "°":
                value = Scale(TArithmetic.Multiply(TArithmetic.Pi, z), 1, 180);
                return true;
            case UnitMarks.Prefix + "%":
                value = Scale(z, 1, 100);
                return true;
            case "max" or "min":
                return TryExtreme(node, ref value);
            case "!":
                return TryFactorial(node.Items[0], out value);
            default:
                return false;
        }
    }
}
