namespace ParallelR1.Training.Policy;

/// <summary>
/// The weight of every loss token in the aggregated loss: Σ weight · loss over all tokens of the global batch. Any split into
/// micro-batches gives the same loss and the same gradient.
/// </summary>
/// <remarks>
/// The rules of verl 0.9 with the counts of the whole batch. The published trainer takes the token mean of each micro-batch and then the
/// mean over micro-batches, so that a token in a short micro-batch weighs more than one in a long one.
/// </remarks>
public static class LossWeights
{
    /// <summary>The weight of each loss token, row after row.</summary>
    /// <inheritdoc cref="PerRow"/>
    public static float[] PerToken(IReadOnlyList<int> lossTokensPerRow, LossAggregation aggregation, int maxResponseLength)
    {
        var perRow = PerRow(lossTokensPerRow, aggregation, maxResponseLength);
        return [.. lossTokensPerRow.SelectMany((count, row) => Enumerable.Repeat((float)perRow[row], count))];
    }

    /// <summary>The weight of each loss token of a row. Rows without loss tokens count as no row.</summary>
    /// <param name="lossTokensPerRow">Number of loss tokens of each response.</param>
    /// <param name="aggregation">The rule.</param>
    /// <param name="maxResponseLength">Divisor of <see cref="LossAggregation.SeqMeanTokenSumNorm"/>.</param>
    /// <param name="globalTokens">Loss tokens of the whole batch, where these rows are only a part of it.</param>
    /// <param name="globalRows">Rows with loss tokens of the whole batch, where these rows are only a part of it.</param>
    /// <exception cref="ArgumentException">A count is negative.</exception>
    public static double[] PerRow(
        IReadOnlyList<int> lossTokensPerRow, LossAggregation aggregation, int maxResponseLength, long? globalTokens = null, long? globalRows = null)
    {
        ArgumentNullException.ThrowIfNull(lossTokensPerRow);
        if (lossTokensPerRow.Any(count => count < 0))
            throw new ArgumentException($"A row has {lossTokensPerRow.Min()} loss tokens.", nameof(lossTokensPerRow));
        if (aggregation == LossAggregation.SeqMeanTokenSumNorm)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxResponseLength);
        double tokens = globalTokens ?? lossTokensPerRow.Sum(count => (long)count);
        double rows = globalRows ?? lossTokensPerRow.Count(count => count > 0);
        return [.. lossTokensPerRow.Select(count => count == 0 ? 0 : aggregation switch
        {
            LossAggregation.TokenMean => 1 / tokens,
            LossAggregation.SeqMeanTokenSum => 1 / rows,
            LossAggregation.SeqMeanTokenMean => 1 / ((count + TokenStatistics.Epsilon) * rows),
            LossAggregation.SeqMeanTokenSumNorm => 1 / (maxResponseLength * rows),
            _ => throw new ArgumentOutOfRangeException(nameof(aggregation), aggregation, null),
        })];
    }
}

/// <summary>How the losses of tokens become one number; counts are those of the global batch, whatever the micro-batches.</summary>
public enum LossAggregation
{
    /// <summary>Sum over tokens / number of tokens.</summary>
    TokenMean,

    /// <summary>Sum over tokens / number of responses.</summary>
    SeqMeanTokenSum,

    /// <summary>Mean over responses of their mean over tokens.</summary>
    SeqMeanTokenMean,

    /// <summary>Sum over tokens / (longest response · number of responses).</summary>
    SeqMeanTokenSumNorm,
}
