using System.Globalization;
using System.Numerics;

namespace ParallelR1.Grading.Semantic;

/// <summary>An exact rational number in lowest terms with a positive denominator.</summary>
internal readonly struct BigRational : IEquatable<BigRational>, IComparable<BigRational>
{
    private readonly BigInteger _denominatorLessOne;

    private BigRational(BigInteger numerator, BigInteger denominator)
    {
        Numerator = numerator;
        _denominatorLessOne = denominator - BigInteger.One;
    }

    public static BigRational Zero => default;

    public static BigRational One => new(BigInteger.One, BigInteger.One);

    public static BigRational MinusOne => new(BigInteger.MinusOne, BigInteger.One);

    public BigInteger Numerator { get; }

    public BigInteger Denominator => _denominatorLessOne + BigInteger.One;

    public bool IsZero => Numerator.IsZero;

    public bool IsOne => Numerator.IsOne && IsInteger;

    public bool IsInteger => _denominatorLessOne.IsZero;

    public int Sign => Numerator.Sign;

    /// <summary>Bits of the longer of numerator and denominator.</summary>
    public long Bits => Math.Max(Numerator.GetBitLength(), _denominatorLessOne.GetBitLength());

    public static BigRational Of(BigInteger value) => new(value, BigInteger.One);

    /// <summary>A quotient in lowest terms; the denominator must not be zero.</summary>
    public static BigRational Of(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsOne)
            return Of(numerator);
        if (denominator.Sign < 0)
            (numerator, denominator) = (-numerator, -denominator);
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return common.IsOne ? new(numerator, denominator) : new(numerator / common, denominator / common);
    }

    public static BigRational operator +(BigRational a, BigRational b) => a.IsInteger && b.IsInteger
        ? Of(a.Numerator + b.Numerator)
        : Of(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static BigRational operator -(BigRational a) => new(-a.Numerator, a.Denominator);

    public static BigRational operator -(BigRational a, BigRational b) => a + -b;

    public static BigRational operator *(BigRational a, BigRational b) => a.IsInteger && b.IsInteger
        ? Of(a.Numerator * b.Numerator)
        : Of(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static bool operator ==(BigRational a, BigRational b) => a.Equals(b);

    public static bool operator !=(BigRational a, BigRational b) => !a.Equals(b);

    /// <summary>One over the number, which must not be zero.</summary>
    public BigRational Inverse() => Numerator.Sign < 0 ? new(-Denominator, -Numerator) : new(Denominator, Numerator);

    /// <summary>Integer power; the caller has checked the size of the result.</summary>
    public BigRational Power(int exponent) => exponent >= 0
        ? new(BigInteger.Pow(Numerator, exponent), BigInteger.Pow(Denominator, exponent))
        : Inverse().Power(-exponent);

    /// <summary>The greatest integer not above the number.</summary>
    public BigInteger Floor() => IsInteger ? Numerator
        : Numerator.Sign >= 0 ? Numerator / Denominator : -((-Numerator + _denominatorLessOne) / Denominator);

    public double ToDouble()
    {
        if (IsInteger)
            return (double)Numerator;
        var shift = (int)(Denominator.GetBitLength() - Numerator.GetBitLength()) + 64;
        if (Math.Abs(shift) > 1 << 20)
            return shift > 0 ? 0 : double.PositiveInfinity * Sign;
        var scaled = shift >= 0 ? (Numerator << shift) / Denominator : Numerator / (Denominator << -shift);
        return Math.ScaleB((double)scaled, -shift);
    }

    public int CompareTo(BigRational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public bool Equals(BigRational other) => Numerator == other.Numerator && _denominatorLessOne == other._denominatorLessOne;

    public override bool Equals(object? obj) => obj is BigRational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Numerator, _denominatorLessOne);

    public override string ToString() => IsInteger
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : Numerator.ToString(CultureInfo.InvariantCulture) + "/" + Denominator.ToString(CultureInfo.InvariantCulture);
}
