using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>A product of atoms with non-zero rational exponents, sorted by atom.</summary>
internal sealed class Monomial : IEquatable<Monomial>
{
    public static readonly Monomial Unit = new([]);
    private readonly int _hash;

    public Monomial((Atom Atom, BigRational Exponent)[] factors)
    {
        Factors = factors;
        var hash = new HashCode();
        foreach (var (atom, exponent) in factors)
        {
            hash.Add(atom.Id);
            hash.Add(exponent);
        }

        _hash = hash.ToHashCode();
    }

    public (Atom Atom, BigRational Exponent)[] Factors { get; }

    public bool IsUnit => Factors.Length == 0;

    public static Monomial Of(Atom atom, BigRational exponent) => exponent.IsZero ? Unit : new([(atom, exponent)]);

    /// <summary>The product with exponents added; nothing is reduced.</summary>
    public static Monomial Multiply(Monomial a, Monomial b)
    {
        if (a.IsUnit)
            return b;
        if (b.IsUnit)
            return a;
        var result = new List<(Atom, BigRational)>(a.Factors.Length + b.Factors.Length);
        int i = 0, j = 0;
        while (i < a.Factors.Length || j < b.Factors.Length)
        {
            if (j == b.Factors.Length || (i < a.Factors.Length && a.Factors[i].Atom.Id < b.Factors[j].Atom.Id))
            {
                result.Add(a.Factors[i++]);
            }
            else if (i == a.Factors.Length || b.Factors[j].Atom.Id < a.Factors[i].Atom.Id)
            {
                result.Add(b.Factors[j++]);
            }
            else
            {
                var exponent = a.Factors[i].Exponent + b.Factors[j].Exponent;
                if (!exponent.IsZero)
                    result.Add((a.Factors[i].Atom, exponent));
                i++;
                j++;
            }
        }

        return new([.. result]);
    }

    /// <summary>Every exponent times a number.</summary>
    public Monomial Power(BigRational by)
    {
        if (by.IsZero)
            return Unit;
        var result = new (Atom, BigRational)[Factors.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = (Factors[i].Atom, Factors[i].Exponent * by);
        return new(result);
    }

    public bool Equals(Monomial? other)
    {
        if (other is null || _hash != other._hash || Factors.Length != other.Factors.Length)
            return false;
        for (var i = 0; i < Factors.Length; i++)
        {
            if (Factors[i].Atom != other.Factors[i].Atom || Factors[i].Exponent != other.Factors[i].Exponent)
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Monomial);

    public override int GetHashCode() => _hash;

    public override string ToString() =>
        string.Join('*', Factors.Select(f => f.Exponent.IsOne ? f.Atom.Key : f.Atom.Key + "^(" + f.Exponent + ")").Order(StringComparer.Ordinal));
}
