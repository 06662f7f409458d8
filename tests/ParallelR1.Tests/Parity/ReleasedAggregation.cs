using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Parity;

/// <summary>The published trainer's weights of tokens, for comparison: empty rows count, and one rule forgets to divide by the rows.</summary>
internal static class ReleasedAggregation
{
    public static double[] PerRow(int[] lossTokens, LossAggregation aggregation, int width)
    {
        double rows = lossTokens.Length;
        var tokens = lossTokens.Sum() + 1e-8;
        return Array.ConvertAll(lossTokens, count => aggregation switch
        {
            LossAggregation.TokenMean => 1 / tokens,
            LossAggregation.SeqMeanTokenSum => 1 / rows,
            LossAggregation.SeqMeanTokenMean => 1 / (count * rows),
            _ => 1.0 / width,
        });
    }
}
