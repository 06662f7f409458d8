using System.Numerics;
using ParallelR1.Grading.Semantic;

namespace ParallelR1.Grading.Algebra;

/// <summary>Factors of integers by trial division; what is left without small factors counts as prime unless it is a perfect power.</summary>
internal static class Factoring
{
    private const int MaximumPrime = 1000;

    private static readonly int[] Primes = [.. Enumerable.Range(2, MaximumPrime).Where(n => Enumerable.Range(2, (int)Math.Sqrt(n)).All(d => d >= n || n % d != 0))];

    /// <summary>Factors of a positive integer with their multiplicities.</summary>
    public static List<(BigInteger Prime, int Count)> Of(BigInteger value, Budget budget)
    {
        var result = new List<(BigInteger, int)>();
        foreach (var prime in Primes)
        {
            if (value.IsOne || (value < (long)prime * prime && value < int.MaxValue))
                break;
            budget.Spend((int)(value.GetBitLength() / 512));
            var count = 0;
            for (var quotient = BigInteger.DivRem(value, prime, out var rest); rest.IsZero; quotient = BigInteger.DivRem(value, prime, out rest))
            {
                value = quotient;
                count++;
            }

            if (count > 0)
                result.Add((prime, count));
        }

        if (value.IsOne)
            return result;
        for (var degree = 5; degree >= 2; degree--)
        {
            if (value.GetBitLength() <= 2048 && IntegerRoot(value, degree) is var root && BigInteger.Pow(root, degree) == value)
            {
                result.Add((root, degree));
                return result;
            }
        }

        result.Add((value, 1));
        return result;
    }

    /// <summary>The integer part of a root of a positive integer (Newton from above).</summary>
    public static BigInteger IntegerRoot(BigInteger value, int degree)
    {
        var x = BigInteger.One << (int)(value.GetBitLength() / degree + 1);
        while (true)
        {
            var next = ((degree - 1) * x + value / BigInteger.Pow(x, degree - 1)) / degree;
            if (next >= x)
                return x;
            x = next;
        }
    }
}
