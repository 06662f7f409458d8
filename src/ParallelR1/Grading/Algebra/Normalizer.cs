using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>
/// Brings expressions to a normal form: quotients of expanded polynomials in atoms, with exact coefficients, roots of integers
/// taken apart into primes, and powers with sums of symbols in the exponent taken apart too.
/// </summary>
/// <remarks>Equal normal forms mean equal expressions; different ones mean different expressions only where <see cref="IsComplete"/> says so.</remarks>
/// <param name="budget">The steps of the pair.</param>
/// <param name="variables">Names that stand for variables although they are usual for functions.</param>
internal sealed partial class Normalizer(Budget budget, IReadOnlySet<string>? variables = null)
{
    private const int MaximumTerms = 400;
    private const int MaximumFactorial = 2500;

    private readonly Dictionary<string, Atom> _atoms = [];

    /// <summary>Whether something without a value was met: a division by zero, or arithmetic with infinity.</summary>
    public bool IsUndefined { get; private set; }

    public Fraction Normalize(Node node)
    {
        budget.Spend();
        switch (node.Kind)
        {
            case NodeKind.Number:
                return Constant(node.Value);
            case NodeKind.Symbol:
                return OfAtom(AtomKind.Symbol, node.Name);
            case NodeKind.Pi:
                return OfAtom(AtomKind.Pi, "π");
            case NodeKind.Euler:
                return OfAtom(AtomKind.Euler, "e");
            case NodeKind.Imaginary:
                return OfAtom(AtomKind.Imaginary, "i");
            case NodeKind.Sum:
                return node.Items.Select(Normalize).Aggregate(Add);
            case NodeKind.Product:
                return node.Items.Select(Normalize).Aggregate(Multiply);
            case NodeKind.Power:
                return Power(Normalize(node.Items[0]), Normalize(node.Items[1]));
            case NodeKind.Function:
                return Function(node);
            default:
                return Undefined();
        }
    }

    /// <summary>The difference brought to one denominator: zero exactly where the normal forms are equal.</summary>
    public Polynomial Difference(Fraction a, Fraction b) =>
        Multiply(a.Numerator, b.Denominator).Plus(Multiply(b.Numerator, a.Denominator).Times(BigRational.MinusOne), budget);

    /// <summary>
    /// Whether a difference that is not zero here is truly not zero: it is, where only variables, π, e, i and roots of different primes occur
    /// (these are linearly independent; for π and e together that is at least the general belief).
    /// </summary>
    public static bool IsComplete(Polynomial difference)
    {
        foreach (var monomial in difference.Terms.Keys)
        {
            foreach (var (atom, exponent) in monomial.Factors)
            {
                if (atom.Kind is AtomKind.Exponential or AtomKind.Opaque || (atom.Kind == AtomKind.Prime && !exponent.Floor().IsZero))
                    return false;
            }
        }

        return true;
    }

    private static Fraction Constant(BigRational value) => Fraction.Of(Polynomial.Constant(value));

    private Fraction Undefined()
    {
        IsUndefined = true;
        return Fraction.Of(Polynomial.Zero);
    }

    private Atom Intern(AtomKind kind, string key, BigInteger prime = default)
    {
        if (!_atoms.TryGetValue(key, out var atom))
            _atoms[key] = atom = new Atom(_atoms.Count, kind, key, prime);
        return atom;
    }

    private Fraction OfAtom(AtomKind kind, string key) => OfMonomial(BigRational.One, Monomial.Of(Intern(kind, key), BigRational.One));

    private Fraction Opaque(string key, BigRational exponent) => OfMonomial(BigRational.One, Monomial.Of(Intern(AtomKind.Opaque, key), exponent));

    private Fraction OfMonomial(BigRational coefficient, Monomial monomial)
    {
        var (factor, reduced) = Reduce(monomial);
        return Fraction.Of(Polynomial.Term(Checked(coefficient * factor), reduced));
    }

    private BigRational Checked(BigRational value)
    {
        var bits = value.Bits;
        budget.SpendBits(bits);
        return bits > Budget.MaximumBits * 2 ? throw new BudgetExceededException() : value;
    }

    private Fraction Add(Fraction a, Fraction b)
    {
        if (!a.HasDenominator && !b.HasDenominator)
            return Fraction.Of(a.Numerator.Plus(b.Numerator, budget));
        return Quotient(
            Multiply(a.Numerator, b.Denominator).Plus(Multiply(b.Numerator, a.Denominator), budget), Multiply(a.Denominator, b.Denominator));
    }

    private Fraction Multiply(Fraction a, Fraction b) => !a.HasDenominator && !b.HasDenominator
        ? Fraction.Of(Multiply(a.Numerator, b.Numerator))
        : Quotient(Multiply(a.Numerator, b.Numerator), Multiply(a.Denominator, b.Denominator));

    private Fraction Quotient(Polynomial above, Polynomial below)
    {
        if (below.IsZero)
            return Undefined();
        if (below.Terms.Count > 1)
            return new Fraction(above, below);
        var (monomial, coefficient) = below.Terms.First();
        var (factor, inverse) = Reduce(monomial.Power(BigRational.MinusOne));
        return Fraction.Of(Multiply(above, Polynomial.Term(coefficient.Inverse() * factor, inverse)));
    }

    private Polynomial Multiply(Polynomial a, Polynomial b)
    {
        if (ReferenceEquals(a, Polynomial.One))
            return b;
        if (ReferenceEquals(b, Polynomial.One))
            return a;
        budget.Spend(a.Terms.Count * b.Terms.Count);
        var result = new Dictionary<Monomial, BigRational>();
        foreach (var (m, c) in a.Terms)
        {
            foreach (var (n, d) in b.Terms)
            {
                var (factor, product) = Reduce(Monomial.Multiply(m, n));
                Polynomial.Accumulate(result, product, Checked(c * d * factor));
            }
        }

        return new Polynomial(result);
    }

    /// <summary>Takes powers of i and whole powers of primes out of a monomial.</summary>
    private static (BigRational Factor, Monomial Reduced) Reduce(Monomial monomial)
    {
        var factor = BigRational.One;
        List<(Atom, BigRational)>? kept = null;
        for (var i = 0; i < monomial.Factors.Length; i++)
        {
            var (atom, exponent) = monomial.Factors[i];
            var rest = exponent;
            if (atom.Kind == AtomKind.Imaginary && exponent.IsInteger)
            {
                var quarter = (int)(((exponent.Numerator % 4) + 4) % 4);
                factor = quarter >= 2 ? -factor : factor;
                rest = BigRational.Of(quarter % 2);
            }
            else if (atom.Kind == AtomKind.Prime && exponent.Floor() is { IsZero: false } whole
                && BigInteger.Abs(whole) * atom.Prime.GetBitLength() <= Budget.MaximumBits)
            {
                factor *= BigRational.Of(atom.Prime).Power((int)whole);
                rest = exponent - BigRational.Of(whole);
            }

            if (rest == exponent && kept is null)
                continue;
            kept ??= [.. monomial.Factors[..i]];
            if (!rest.IsZero)
                kept.Add((atom, rest));
        }

        return (factor, kept is null ? monomial : new Monomial([.. kept]));
    }
}
