using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Training.Policy;

public sealed class LossWeightsTests
{
    [Theory]
    [InlineData(LossAggregation.TokenMean, new[] { 0.25, 0, 0.25 })]
    [InlineData(LossAggregation.SeqMeanTokenSum, new[] { 0.5, 0, 0.5 })]
    [InlineData(LossAggregation.SeqMeanTokenMean, new[] { 0.5, 0, 1 / 6.0 })]
    [InlineData(LossAggregation.SeqMeanTokenSumNorm, new[] { 0.05, 0, 0.05 })]
    public void Responses_without_loss_tokens_count_as_none(LossAggregation aggregation, double[] expected) =>
        Assert.All(expected.Zip(LossWeights.PerResponse([1, 0, 3], aggregation, 10)), pair => Assert.Equal(pair.First, pair.Second, 1e-8));

    [Fact]
    public void Parts_weighed_with_global_counts_equal_the_whole()
    {
        foreach (var aggregation in Enum.GetValues<LossAggregation>())
        {
            var whole = LossWeights.PerResponse([5, 0, 2, 9], aggregation, 16);
            double[] parts =
            [
                .. LossWeights.PerResponse([5, 0], aggregation, 16, globalTokens: 16, globalResponses: 3),
                .. LossWeights.PerResponse([2, 9], aggregation, 16, globalTokens: 16, globalResponses: 3),
            ];
            Assert.Equal(whole, parts);
        }
    }
}
