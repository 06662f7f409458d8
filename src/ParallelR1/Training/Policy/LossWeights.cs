namespace ParallelR1.Training.Policy;

/// <summary>
/// Computes the weight of every loss token in the aggregated loss, Σ weight · loss over all tokens of the global batch. Any split into
/// micro-batches gives the same loss and the same gradient.
/// </summary>
/// <remarks>
/// The rules are those of verl 0.9 with the counts of the whole batch. The published trainer takes the token mean of each micro-batch and
/// then the mean over micro-batches, so that a token in a short micro-batch weighs more than one in a long one.
/// </remarks>
internal static class LossWeights
{
    /// <summary>Computes the weight of the loss tokens of each response. Responses without loss tokens are not counted.</summary>
    /// <param name="lossTokensPerResponse">Number of loss tokens of each response.</param>
    /// <param name="aggregation">The rule.</param>
    /// <param name="maxResponseLength">Divisor of <see cref="LossAggregation.SeqMeanTokenSumNorm"/>.</param>
    /// <param name="globalTokens">Number of loss tokens of the whole batch if these responses are only a part of it.</param>
    /// <param name="globalResponses">Number of responses with loss tokens of the whole batch if these responses are only a part of it.</param>
    /// <returns>For each response the weight of each of its loss tokens; 0 if it has none.</returns>
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

/// <summary>The rule that aggregates token losses to one number; counts are those of the global batch, whatever the micro-batches.</summary>
public enum LossAggregation
{
    /// <summary>Sum over tokens / number of tokens.</summary>
    TokenMean,

    /// <summary>Sum over tokens / number of responses.</summary>
    SeqMeanTokenSum,

    /// <summary>Mean over responses of the mean over their tokens.</summary>
    SeqMeanTokenMean,

    /// <summary>Sum over tokens / (maximum response length · number of responses).</summary>
    SeqMeanTokenSumNorm,
}
