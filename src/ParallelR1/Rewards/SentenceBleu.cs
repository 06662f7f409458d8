namespace ParallelR1.Rewards;

/// <summary>Computes BLEU of one sentence against one reference (Papineni et al. 2002), effective order, exponential smoothing, as sacrebleu does.</summary>
internal static class SentenceBleu
{
    private const int MaxOrder = 4;

    /// <summary>Computes the score, 0 to 1.</summary>
    public static double Score(IReadOnlyList<string> hypothesis, IReadOnlyList<string> reference)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        ArgumentNullException.ThrowIfNull(reference);
        Span<int> matches = stackalloc int[MaxOrder];
        var any = false;
        for (var n = 1; n <= MaxOrder; n++)
        {
            matches[n - 1] = Matches(hypothesis, reference, n);
            any |= matches[n - 1] > 0;
        }

        if (!any)
            return 0;
        var (smoothing, logs, orders) = (1.0, 0.0, 0);
        for (; orders < MaxOrder && hypothesis.Count - orders > 0; orders++)
        {
            var total = hypothesis.Count - orders;
            if (matches[orders] == 0)
                smoothing *= 2;
            // In percent, and divided by 100 at the end, to match sacrebleu to the last bit.
            logs += Math.Log(matches[orders] == 0 ? 100.0 / (smoothing * total) : 100.0 * matches[orders] / total);
        }

        var penalty = hypothesis.Count < reference.Count ? Math.Exp(1 - (double)reference.Count / hypothesis.Count) : 1;
        return penalty * Math.Exp(logs / orders) / 100;
    }

    private static int Matches(IReadOnlyList<string> hypothesis, IReadOnlyList<string> reference, int n)
    {
        var available = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var gram in Grams(reference, n))
            available[gram] = available.GetValueOrDefault(gram) + 1;
        var count = 0;
        foreach (var gram in Grams(hypothesis, n))
        {
            if (available.TryGetValue(gram, out var left) && left > 0)
            {
                available[gram] = left - 1;
                count++;
            }
        }

        return count;
    }

    private static IEnumerable<string> Grams(IReadOnlyList<string> tokens, int n)
    {
        // Tokens hold no white space, so joining them by a space is unambiguous.
        for (var i = 0; i + n <= tokens.Count; i++)
            yield return string.Join(' ', tokens.Skip(i).Take(n));
    }
}
