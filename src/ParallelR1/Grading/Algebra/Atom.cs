using System.Numerics;

namespace ParallelR1.Grading.Algebra;

/// <summary>An indivisible factor; one object per key within a <see cref="Normalizer"/>.</summary>
internal sealed class Atom(int id, AtomKind kind, string key, BigInteger prime)
{
    public int Id { get; } = id;

    public AtomKind Kind { get; } = kind;

    public string Key { get; } = key;

    /// <summary>The value of a <see cref="AtomKind.Prime"/>.</summary>
    public BigInteger Prime { get; } = prime;

    /// <summary>Whether it is a positive real constant, so that roots of products may be taken apart.</summary>
    public bool IsPositive => Kind is AtomKind.Pi or AtomKind.Euler or AtomKind.Prime;
}
