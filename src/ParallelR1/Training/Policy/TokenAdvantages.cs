namespace ParallelR1.Training.Policy;

/// <summary>Maps between values per response and values per loss token, which are flat, response after response.</summary>
internal static class TokenAdvantages
{
    /// <summary>Returns, for every loss token, the value of its response.</summary>
    public static double[] Broadcast(ReadOnlySpan<double> perResponse, IReadOnlyList<int> lossTokensPerResponse)
    {
        var advantages = new double[Total(lossTokensPerResponse)];
        foreach (var (response, start, count) in Responses(lossTokensPerResponse))
            advantages.AsSpan(start, count).Fill(perResponse[response]);
        return advantages;
    }

    internal static IEnumerable<(int Response, int Start, int Count)> Responses(IReadOnlyList<int> lossTokensPerResponse)
    {
        var start = 0;
        for (var response = 0; response < lossTokensPerResponse.Count; response++)
        {
            yield return (response, start, lossTokensPerResponse[response]);
            start += lossTokensPerResponse[response];
        }
    }

    internal static void Check(ReadOnlySpan<double> values, IReadOnlyList<int> lossTokensPerResponse)
    {
        if (values.Length != Total(lossTokensPerResponse))
            throw new ArgumentException($"{values.Length} values, but the responses have {Total(lossTokensPerResponse)} loss tokens.", nameof(values));
    }

    private static int Total(IReadOnlyList<int> lossTokensPerResponse)
    {
        ArgumentNullException.ThrowIfNull(lossTokensPerResponse);
        return lossTokensPerResponse.Sum();
    }
}
