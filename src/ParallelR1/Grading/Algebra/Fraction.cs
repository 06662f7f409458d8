using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>A quotient of polynomials. A denominator of one term is moved into the numerator, so that it is then one.</summary>
internal readonly record struct Fraction(Polynomial Numerator, Polynomial Denominator)
{
    public bool HasDenominator => !ReferenceEquals(Denominator, Polynomial.One);

    public BigRational? AsConstant => HasDenominator ? null : Numerator.AsConstant;

    public string Key => HasDenominator ? $"({Numerator})/({Denominator})" : Numerator.ToString();

    public static Fraction Of(Polynomial numerator) => new(numerator, Polynomial.One);
}
