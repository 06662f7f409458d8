namespace ParallelR1.Training.Policy;

/// <summary>Values of rows and of their loss tokens, which are flat, row after row.</summary>
public static class TokenAdvantages
{
    /// <summary>Gives every loss token its row's advantage.</summary>
    public static double[] Broadcast(ReadOnlySpan<double> perRow, IReadOnlyList<int> lossTokensPerRow)
    {
        var advantages = new double[Total(lossTokensPerRow)];
        foreach (var (row, start, count) in Rows(lossTokensPerRow))
            advantages.AsSpan(start, count).Fill(perRow[row]);
        return advantages;
    }

    internal static IEnumerable<(int Row, int Start, int Count)> Rows(IReadOnlyList<int> lossTokensPerRow)
    {
        var start = 0;
        for (var row = 0; row < lossTokensPerRow.Count; row++)
        {
            yield return (row, start, lossTokensPerRow[row]);
            start += lossTokensPerRow[row];
        }
    }

    internal static void Check(ReadOnlySpan<double> values, IReadOnlyList<int> lossTokensPerRow)
    {
        if (values.Length != Total(lossTokensPerRow))
            throw new ArgumentException($"{values.Length} values, but the rows have {Total(lossTokensPerRow)} loss tokens.", nameof(values));
    }

    private static int Total(IReadOnlyList<int> lossTokensPerRow)
    {
        ArgumentNullException.ThrowIfNull(lossTokensPerRow);
        return lossTokensPerRow.Sum();
    }
}
