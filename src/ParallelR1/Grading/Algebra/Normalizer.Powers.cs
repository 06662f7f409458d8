using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>Powers, roots and functions.</summary>
internal sealed partial class Normalizer
{
    private Fraction Power(Fraction b, Fraction exponent)
    {
        if (exponent.AsConstant is { } power)
            return power.IsInteger ? IntegerPower(b, power) : RationalPower(b, power);
        return SymbolicPower(b, exponent) ?? Opaque($"({b.Key})^({exponent.Key})", BigRational.One);
    }

    private Fraction IntegerPower(Fraction b, BigRational power)
    {
        if (power.IsZero)
            return b.Numerator.IsZero ? Undefined() : Constant(BigRational.One);
        if (b.Numerator.IsZero)
            return power.Sign > 0 ? b : Undefined();
        if (power.Sign < 0)
            return IntegerPower(Quotient(b.Denominator, b.Numerator), -power);
        if (power.IsOne)
            return b;
        if (!b.HasDenominator && b.Numerator.Terms.Count == 1)
        {
            var (monomial, coefficient) = b.Numerator.Terms.First();
            var (factor, rest) = Reduce(monomial.Power(power));
            return Multiply(CoefficientPower(coefficient, power), Fraction.Of(Polynomial.Term(Checked(factor), rest)));
        }

        if (power.Numerator > 64 || Estimate(b, (int)power.Numerator) > MaximumTerms)
            return Opaque($"({b.Key})", power);
        var result = b;
        for (var i = 1; i < (int)power.Numerator; i++)
            result = Multiply(result, b);
        return result;
    }

    /// <summary>A bound on the terms of a power of a sum: the number of ways to choose.</summary>
    private static double Estimate(Fraction b, int power)
    {
        var terms = Math.Max(b.Numerator.Terms.Count, b.Denominator.Terms.Count);
        double ways = 1;
        for (var i = 1; i < terms; i++)
            ways *= (power + i) / (double)i;
        return ways;
    }

    private Fraction CoefficientPower(BigRational coefficient, BigRational power)
    {
        if (coefficient.IsOne || (-coefficient).IsOne)
            return Constant(power.Numerator.IsEven ? BigRational.One : coefficient);
        if (power.Numerator * coefficient.Bits <= Budget.MaximumBits)
            return Constant(coefficient.Power((int)power.Numerator));
        var negative = coefficient.Sign < 0 && !power.Numerator.IsEven;
        var (factor, rest) = Reduce(PrimePower(coefficient.Sign < 0 ? -coefficient : coefficient, power));
        return Fraction.Of(Polynomial.Term(negative ? -factor : factor, rest));
    }

    /// <summary>A power of a positive rational number as a product of primes.</summary>
    private Monomial PrimePower(BigRational value, BigRational power)
    {
        var result = Monomial.Unit;
        foreach (var (prime, count) in Factoring.Of(value.Numerator, budget))
            result = Monomial.Multiply(result, Monomial.Of(PrimeAtom(prime), power * BigRational.Of(count)));
        foreach (var (prime, count) in Factoring.Of(value.Denominator, budget))
            result = Monomial.Multiply(result, Monomial.Of(PrimeAtom(prime), -(power * BigRational.Of(count))));
        return result;
    }

    private Atom PrimeAtom(BigInteger prime) => Intern(AtomKind.Prime, prime.ToString(System.Globalization.CultureInfo.InvariantCulture), prime);

    private Fraction RationalPower(Fraction b, BigRational power)
    {
        if (b.Numerator.IsZero)
            return power.Sign > 0 ? b : Undefined();
        if (power.Bits > 64)
            throw new BudgetExceededException();
        if (b.HasDenominator || b.Numerator.Terms.Count > 1)
            return Opaque($"({b.Key})", power);

        var (monomial, coefficient) = b.Numerator.Terms.First();
        var constants = new Monomial([.. monomial.Factors.Where(f => f.Atom.IsPositive)]);
        var others = new Monomial([.. monomial.Factors.Where(f => !f.Atom.IsPositive)]);
        var sign = Constant(BigRational.One);
        if (coefficient.Sign < 0)
        {
            if (!others.IsUnit)
                return Opaque($"({b.Key})", power);
            coefficient = -coefficient;
            if (!power.Denominator.IsEven)
                sign = Constant(power.Numerator.IsEven ? BigRational.One : BigRational.MinusOne);
            else if (power.Denominator == 2)
                sign = OfMonomial(BigRational.One, Monomial.Of(Intern(AtomKind.Imaginary, "i"), BigRational.Of(power.Numerator)));
            else
                return Opaque($"({b.Key})", power);
        }

        var root = Multiply(sign, OfMonomial(BigRational.One, Monomial.Multiply(PrimePower(coefficient, power), constants.Power(power))));
        if (others.IsUnit)
            return root;
        return Multiply(root, others.Factors is [{ Atom.Kind: AtomKind.Symbol } only] && only.Exponent.IsOne
            ? OfMonomial(BigRational.One, others.Power(power))
            : Opaque($"({others})", power));
    }

    /// <summary>A positive constant or a variable to a sum: each term of the exponent becomes a factor.</summary>
    private Fraction? SymbolicPower(Fraction b, Fraction exponent)
    {
        if (b.HasDenominator || exponent.HasDenominator || b.Numerator.Terms.Count != 1)
            return null;
        var (monomial, coefficient) = b.Numerator.Terms.First();
        var variable = coefficient.IsOne && monomial.Factors is [{ Atom.Kind: AtomKind.Symbol } only] && only.Exponent.IsOne;
        if (coefficient.Sign <= 0 || !(variable || monomial.Factors.All(f => f.Atom.IsPositive)))
            return null;

        var bases = coefficient.IsOne ? monomial : Monomial.Multiply(monomial, PrimePower(coefficient, BigRational.One));
        var result = Monomial.Unit;
        foreach (var (term, factor) in exponent.Numerator.Terms)
        {
            foreach (var (atom, times) in bases.Factors)
            {
                budget.Spend();
                var raised = term.IsUnit ? atom : Intern(AtomKind.Exponential, $"{atom.Key}^[{term}]");
                result = Monomial.Multiply(result, Monomial.Of(raised, times * factor));
            }
        }

        return OfMonomial(BigRational.One, result);
    }

    /// <summary>The logarithm of a positive constant in logarithms of primes.</summary>
    private Fraction Logarithm(Fraction of)
    {
        if (of.Numerator.IsZero)
            return Undefined();
        if (of.HasDenominator || of.Numerator.Terms.Count != 1)
            return Opaque($"ln({of.Key})", BigRational.One);
        var (monomial, coefficient) = of.Numerator.Terms.First();
        if (coefficient.Sign < 0 || !monomial.Factors.All(f => f.Atom.IsPositive))
            return Opaque($"ln({of.Key})", BigRational.One);

        var terms = new Dictionary<Monomial, BigRational>();
        foreach (var (atom, exponent) in Monomial.Multiply(monomial, PrimePower(coefficient, BigRational.One)).Factors)
        {
            budget.Spend();
            var logarithm = atom.Kind == AtomKind.Euler ? Monomial.Unit : Monomial.Of(Intern(AtomKind.Opaque, $"ln({atom.Key})"), BigRational.One);
            Polynomial.Accumulate(terms, logarithm, exponent);
        }

        return Fraction.Of(new Polynomial(terms));
    }
}
