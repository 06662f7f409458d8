namespace ParallelR1;

/// <summary>
/// A counter-based random generator: the draw depends on the key alone (seed, step, prompt, sample, path, token, …),
/// never on what was drawn before. Every random number of the product comes from here.
/// </summary>
/// <remarks>Words are folded in with the finaliser of SplitMix64 (Steele, Lea, Flood 2014), which passes BigCrush as a counter hash.</remarks>
public readonly record struct RandomKey(ulong State)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The root key of a seed.</summary>
    public static RandomKey FromSeed(long seed) => new(Mix((ulong)seed + Golden));

    /// <summary>The key below this one for a word; different words give independent keys.</summary>
    public RandomKey Fold(long word) => new(Mix(State + Golden * ((ulong)word * 2 + 1)) ^ Mix((ulong)word ^ State));

    /// <summary>The key below this one for a name.</summary>
    public RandomKey Fold(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var key = this;
        foreach (var c in name)
            key = key.Fold(c);
        return key.Fold(name.Length);
    }

    /// <summary>64 random bits of the <paramref name="index"/>-th draw under this key.</summary>
    public ulong Bits(long index = 0) => Mix(State + Golden * ((ulong)index + 1));

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Uniform(long index = 0) => (Bits(index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 .. <paramref name="bound"/> − 1 (multiply-shift; the bias is below 2⁻³²).</summary>
    public int Next(int bound, long index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(Bits(index), (ulong)bound, out _);
    }

    /// <summary>Standard normal (Box–Muller).</summary>
    public double Normal(long index = 0) =>
        Math.Sqrt(-2 * Math.Log(1 - Uniform(2 * index))) * Math.Cos(2 * Math.PI * Uniform(2 * index + 1));

    /// <summary>A random order of 0 .. <paramref name="count"/> − 1 (Fisher–Yates).</summary>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = Next(i + 1, i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
