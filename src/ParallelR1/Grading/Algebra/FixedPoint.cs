using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>Real functions in fixed point: an integer counts units of 2^-<see cref="Bits"/>.</summary>
internal static class FixedPoint
{
    public const int Bits = 352;
    private const int MaximumBits = 4096;
    private const int Halvings = 8;

    public static readonly BigInteger One = BigInteger.One << Bits;
    private static readonly BigInteger Ln2 = 2 * AtanhOfInverse(3);

    /// <summary>Machin's formula.</summary>
    public static readonly BigInteger Pi = 4 * (4 * AtanOfInverse(5) - AtanOfInverse(239));

    public static BigInteger Of(BigRational value) => Checked((value.Numerator << Bits) / value.Denominator);

    public static BigInteger Multiply(BigInteger a, BigInteger b) => Checked((a * b) >> Bits);

    public static BigInteger Divide(BigInteger a, BigInteger b) =>
        b.IsZero ? throw new BudgetExceededException() : Checked((a << Bits) / b);

    public static BigInteger Sqrt(BigInteger a) => a.Sign <= 0 ? BigInteger.Zero : Factoring.IntegerRoot(a << Bits, 2);

    public static BigInteger Exp(BigInteger x)
    {
        var k = (int)BigInteger.Clamp(BigInteger.Divide(x, Ln2), -MaximumBits, MaximumBits);
        if (k == MaximumBits)
            throw new BudgetExceededException();
        if (k < -Bits)
            return BigInteger.Zero;
        var r = (x - k * Ln2) >> Halvings;
        BigInteger sum = One, term = One;
        for (var i = 1; !term.IsZero && i < 200; i++)
        {
            term = ((term * r) >> Bits) / i;
            sum += term;
        }

        for (var i = 0; i < Halvings; i++)
            sum = Multiply(sum, sum);
        return k >= 0 ? sum << k : sum >> -k;
    }

    /// <summary>The logarithm of a positive number.</summary>
    public static BigInteger Ln(BigInteger x)
    {
        if (x.Sign <= 0)
            throw new BudgetExceededException();
        var k = (int)x.GetBitLength() - Bits;
        var m = k >= 0 ? x >> k : x << -k;
        var y = ((m - One) << Bits) / (m + One);
        var square = (y * y) >> Bits;
        BigInteger sum = y, power = y;
        for (var i = 3; !power.IsZero && i < 1000; i += 2)
        {
            power = (power * square) >> Bits;
            sum += power / i;
        }

        return 2 * sum + k * Ln2;
    }

    public static (BigInteger Sin, BigInteger Cos) SinCos(BigInteger x)
    {
        var r = BigInteger.Remainder(x, 2 * Pi) >> Halvings;
        BigInteger cos = One, sin = BigInteger.Zero, term = One;
        for (var i = 1; !term.IsZero && i < 200; i++)
        {
            term = ((term * r) >> Bits) / i;
            switch (i & 3)
            {
                case 0:
                    cos += term;
                    break;
                case 1:
                    sin += term;
                    break;
                case 2:
                    cos -= term;
                    break;
                default:
                    sin -= term;
                    break;
            }
        }

        for (var i = 0; i < Halvings; i++)
            (sin, cos) = ((2 * sin * cos) >> Bits, (cos * cos - sin * sin) >> Bits);
        return (sin, cos);
    }

    /// <summary>The angle of a point, in (−π, π].</summary>
    public static BigInteger Atan2(BigInteger y, BigInteger x)
    {
        if (y.IsZero)
            return x.Sign >= 0 ? BigInteger.Zero : Pi;
        if (BigInteger.Abs(y) > BigInteger.Abs(x))
            return (y.Sign > 0 ? Pi / 2 : -Pi / 2) - Atan(Divide(x, y));
        return Atan(Divide(y, x)) + (x.Sign > 0 ? BigInteger.Zero : y.Sign > 0 ? Pi : -Pi);
    }

    /// <summary>The arc tangent of a number between −1 and 1, its argument halved three times.</summary>
    private static BigInteger Atan(BigInteger x)
    {
        for (var i = 0; i < 3; i++)
            x = Divide(x, One + Sqrt(One + Multiply(x, x)));
        var square = (x * x) >> Bits;
        BigInteger sum = x, power = x;
        for (var i = 3; !power.IsZero && i < 1000; i += 2)
        {
            power = -((power * square) >> Bits);
            sum += power / i;
        }

        return sum * 8;
    }

    private static BigInteger AtanOfInverse(int n) => InverseSeries(n, -1);

    private static BigInteger AtanhOfInverse(int n) => InverseSeries(n, 1);

    private static BigInteger InverseSeries(int n, int sign)
    {
        BigInteger power = One / n, sum = power;
        for (var i = 3; !power.IsZero; i += 2)
        {
            power = sign * power / (n * n);
            sum += power / i;
        }

        return sum;
    }

    private static BigInteger Checked(BigInteger value) => value.GetBitLength() > MaximumBits + Bits ? throw new BudgetExceededException() : value;
}
