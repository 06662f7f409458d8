namespace ParallelR1.Training.Policy;

/// <summary>
/// The weight of every loss token in the aggregated loss: Σ weight · loss over all tokens of the global batch. Any split into
/// micro-batches gives the same loss and the same gradient.
/// </summary>
/// <remarks>
/// The rules of verl 0.9 with the counts of the whole batch. The published trainer takes the token mean of each micro-batch and then the
/// mean over micro-batches, so that a token in a short micro-batch weighs more than one in a long one.
/// </remarks>
internal static class LossWeights
{
    /// <summary>The weight of each loss token of a response. Responses without loss tokens count as no response.</summary>
    /// <param name="lossTokensPerResponse">Number of loss tokens of each response.</param>
    /// <param name="aggregation">The rule.</param>
    /// <param name="maxResponseLength">Divisor of <see cref="LossAggregation.SeqMeanTokenSumNorm"/>.</param>
    /// <param name="globalTokens">Loss tokens of the whole batch, where these responses are only a part of it.</param>
    /// <param name="globalResponses">Responses with loss tokens of the whole batch, where these responses are only a part of it.</param>
    /// <exception cref="ArgumentException">A count is negative.</exception>
    public static double[] PerResponse(
        IReadOnlyList<int> lossTokensPerResponse, LossAggregation aggregation, int maxResponseLength, long? globalTokens = null, long? globalResponses = null)
    {
        ArgumentNullException.ThrowIfNull(lossTokensPerResponse);
        if (lossTokensPerResponse.Any(count => count < 0))
            throw new ArgumentException($"A response has {lossTokensPerResponse.Min()} loss tokens.", nameof(lossTokensPerResponse));
        if (aggregation == LossAggregation.SeqMeanTokenSumNorm)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxResponseLength);
        double tokens = globalTokens ?? lossTokensPerResponse.Sum(count => (long)count);
        double responses = globalResponses ?? lossTokensPerResponse.Count(count => count > 0);
        return [.. lossTokensPerResponse.Select(count => count == 0 ? 0 : aggregation switch
        {
            LossAggregation.TokenMean => 1 / tokens,
            LossAggregation.SeqMeanTokenSum => 1 / responses,
            LossAggregation.SeqMeanTokenMean => 1 / ((count + TokenStatistics.Epsilon) * responses),
            LossAggregation.SeqMeanTokenSumNorm => 1 / (maxResponseLength * responses),
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
