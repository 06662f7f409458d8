using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>The complex operations from which an <see cref="Evaluator{T,TArithmetic}"/> builds all others.</summary>
internal interface IComplexArithmetic<T>
{
    /// <summary>Steps of the budget that an operation takes.</summary>
    static abstract int Cost { get; }

    static abstract T Pi { get; }

    static abstract T ImaginaryUnit { get; }

    static abstract T Of(BigRational value);

    static abstract T Add(T a, T b);

    static abstract T Multiply(T a, T b);

    static abstract T Inverse(T a);

    static abstract T Exp(T a);

    /// <summary>The principal logarithm.</summary>
    static abstract T Ln(T a);

    /// <summary>The modulus.</summary>
    static abstract T Abs(T a);

    static abstract bool IsZero(T a);

    static abstract bool IsNegativeReal(T a);
}
