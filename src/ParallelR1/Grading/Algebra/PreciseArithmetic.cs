using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>Complex numbers with about a hundred decimals.</summary>
internal readonly struct PreciseArithmetic : IComplexArithmetic<PreciseComplex>
{
    private static readonly BigInteger Noise = BigInteger.One << 64;

    public static int Cost => 60;

    public static PreciseComplex Pi => new(FixedPoint.Pi, BigInteger.Zero);

    public static PreciseComplex ImaginaryUnit => new(BigInteger.Zero, FixedPoint.One);

    public static PreciseComplex Of(BigRational value) => new(FixedPoint.Of(value), BigInteger.Zero);

    public static PreciseComplex Add(PreciseComplex a, PreciseComplex b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary);

    public static PreciseComplex Multiply(PreciseComplex a, PreciseComplex b) => a.Imaginary.IsZero && b.Imaginary.IsZero
        ? new(FixedPoint.Multiply(a.Real, b.Real), BigInteger.Zero)
        : new(
            FixedPoint.Multiply(a.Real, b.Real) - FixedPoint.Multiply(a.Imaginary, b.Imaginary),
            FixedPoint.Multiply(a.Real, b.Imaginary) + FixedPoint.Multiply(a.Imaginary, b.Real));

    public static PreciseComplex Inverse(PreciseComplex a)
    {
        if (a.Imaginary.IsZero)
            return new(FixedPoint.Divide(FixedPoint.One, a.Real), BigInteger.Zero);
        var norm = FixedPoint.Multiply(a.Real, a.Real) + FixedPoint.Multiply(a.Imaginary, a.Imaginary);
        return new(FixedPoint.Divide(a.Real, norm), -FixedPoint.Divide(a.Imaginary, norm));
    }

    public static PreciseComplex Exp(PreciseComplex a)
    {
        var size = FixedPoint.Exp(a.Real);
        if (a.Imaginary.IsZero)
            return new(size, BigInteger.Zero);
        var (sin, cos) = FixedPoint.SinCos(a.Imaginary);
        return new(FixedPoint.Multiply(size, cos), FixedPoint.Multiply(size, sin));
    }

    public static PreciseComplex Ln(PreciseComplex a) => new(FixedPoint.Ln(Abs(a).Real), FixedPoint.Atan2(Clean(a.Imaginary), a.Real));

    public static PreciseComplex Abs(PreciseComplex a) => a.Imaginary.IsZero
        ? new(BigInteger.Abs(a.Real), BigInteger.Zero)
        : new(FixedPoint.Sqrt(FixedPoint.Multiply(a.Real, a.Real) + FixedPoint.Multiply(a.Imaginary, a.Imaginary)), BigInteger.Zero);

    public static bool IsZero(PreciseComplex a) => a.Real.IsZero && a.Imaginary.IsZero;

    public static bool IsNegativeReal(PreciseComplex a) => a.Real.Sign < 0 && Clean(a.Imaginary).IsZero;

    /// <summary>Rounding must not carry a number across the cut of the logarithm.</summary>
    private static BigInteger Clean(BigInteger imaginary) => BigInteger.Abs(imaginary) < Noise ? BigInteger.Zero : imaginary;
}
