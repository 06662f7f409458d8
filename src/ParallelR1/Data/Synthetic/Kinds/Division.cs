namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Tests of a number by division.</summary>
internal static class Division
{
    /// <summary>Formats <paramref name="a"/> as a multiple of <paramref name="divisor"/> and a remainder.</summary>
    public static string Text(int a, int divisor) => $"{a / divisor}*{divisor}+{a % divisor}";

    /// <summary>Tests whether a number leaves the wanted remainder.</summary>
    public static Trial Trial(int x, int divisor, int wanted) => new($"{Text(x, divisor)} want{wanted}", x % divisor == wanted, x);
}
