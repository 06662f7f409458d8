using System.Numerics;

namespace ParallelR1.Grading.Algebra;

/// <summary>A complex number in <see cref="FixedPoint"/>.</summary>
internal readonly record struct PreciseComplex(BigInteger Real, BigInteger Imaginary);
