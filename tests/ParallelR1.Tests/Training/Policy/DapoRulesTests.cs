using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Training.Policy;

public sealed class DapoRulesTests
{
    [Theory]
    [InlineData(2500, 0)]
    [InlineData(2750, -0.5)]
    [InlineData(3000, -1)]
    public void The_penalty_grows_over_the_buffer(int length, double penalty) =>
        Assert.Equal(penalty, new OverlongShaping(3000, 500).Penalty(length));

    [Fact]
    public void A_buffer_longer_than_the_budget_is_an_error() =>
        Assert.Throws<ArgumentException>(() => new OverlongShaping(100, 500).Penalty(10));

    [Fact]
    public void Groups_without_spread_are_sampled_again()
    {
        var sampling = new DynamicSampling(promptsWanted: 2, samplesPerPrompt: 2, maxRounds: 3);

        var (kept, outcome) = sampling.Add([0, 0, 1, 1], [1.2, 1.2, 1, -1]);
        Assert.Equal([1], kept);
        Assert.Equal(SamplingOutcome.NeedsMore, outcome);

        (kept, outcome) = sampling.Add([2, 3, 2, 3], [1, 0, 0, 1]);
        Assert.Equal([2, 3], kept);
        Assert.Equal(SamplingOutcome.Ok, outcome);
        Assert.Equal([(0, 2), (0, 3), (1, 0), (1, 1)], sampling.Batch());
    }
}
