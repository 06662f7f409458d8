using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>A sum of monomials with rational coefficients, none of them zero.</summary>
internal sealed class Polynomial(Dictionary<Monomial, BigRational> terms)
{
    public static readonly Polynomial Zero = new([]);
    public static readonly Polynomial One = Constant(BigRational.One);

    public Dictionary<Monomial, BigRational> Terms { get; } = terms;

    public bool IsZero => Terms.Count == 0;

    /// <summary>The value of a polynomial without atoms, else null.</summary>
    public BigRational? AsConstant => Terms.Count == 0 ? BigRational.Zero
        : Terms.Count == 1 && Terms.TryGetValue(Monomial.Unit, out var value) ? value : null;

    public static Polynomial Constant(BigRational value) => value.IsZero ? Zero : new(new() { [Monomial.Unit] = value });

    public static Polynomial Term(BigRational coefficient, Monomial monomial) => coefficient.IsZero ? Zero : new(new() { [monomial] = coefficient });

    public Polynomial Times(BigRational factor)
    {
        if (factor.IsOne)
            return this;
        var result = new Dictionary<Monomial, BigRational>(Terms.Count);
        if (!factor.IsZero)
        {
            foreach (var (monomial, coefficient) in Terms)
                result[monomial] = coefficient * factor;
        }

        return new(result);
    }

    public Polynomial Plus(Polynomial other, Budget budget)
    {
        if (IsZero)
            return other;
        budget.Spend(1 + Terms.Count + other.Terms.Count);
        var result = new Dictionary<Monomial, BigRational>(Terms);
        foreach (var (monomial, coefficient) in other.Terms)
        {
            budget.SpendBits(coefficient.Bits + (Terms.TryGetValue(monomial, out var old) ? old.Bits : 0));
            Accumulate(result, monomial, coefficient);
        }

        return new(result);
    }

    /// <summary>Adds a term in place and drops it where it cancels.</summary>
    public static void Accumulate(Dictionary<Monomial, BigRational> terms, Monomial monomial, BigRational coefficient)
    {
        var sum = terms.TryGetValue(monomial, out var old) ? old + coefficient : coefficient;
        if (sum.IsZero)
            terms.Remove(monomial);
        else
            terms[monomial] = sum;
    }

    public override string ToString() => IsZero ? "0"
        : string.Join(" + ", Terms.Select(t => t.Key.IsUnit ? t.Value.ToString() : t.Value.IsOne ? t.Key.ToString() : t.Value + "*" + t.Key).Order(StringComparer.Ordinal));
}
