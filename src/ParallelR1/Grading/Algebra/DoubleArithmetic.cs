using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>Complex numbers in double precision.</summary>
internal readonly struct DoubleArithmetic : IComplexArithmetic<Complex>
{
    public static int Cost => 2;

    public static Complex Pi => Math.PI;

    public static Complex ImaginaryUnit => Complex.ImaginaryOne;

    public static Complex Of(BigRational value) => value.ToDouble();

    public static Complex Add(Complex a, Complex b) => a + b;

    public static Complex Multiply(Complex a, Complex b) => a * b;

    public static Complex Inverse(Complex a) => 1 / a;

    public static Complex Exp(Complex a) => a.Imaginary == 0 ? Math.Exp(a.Real) : Complex.Exp(a);

    public static Complex Ln(Complex a) => new(Math.Log(Complex.Abs(a)), Math.Atan2(a.Imaginary, a.Real));

    public static Complex Abs(Complex a) => Complex.Abs(a);

    public static bool IsZero(Complex a) => a == Complex.Zero;

    public static bool IsNegativeReal(Complex a) => a.Real < 0 && Math.Abs(a.Imaginary) < -1e-12 * a.Real;
}
