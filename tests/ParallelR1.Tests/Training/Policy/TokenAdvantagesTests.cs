using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Training.Policy;

public sealed class TokenAdvantagesTests
{
    [Fact]
    public void Reward_to_go_is_discounted_within_its_row() =>
        Assert.Equal([0.25, 0.5, 1, 3], TokenAdvantages.RewardToGo([0, 0, 1, 3], [3, 0, 1], gamma: 0.5));

    [Fact]
    public void Without_discount_and_decay_GAE_is_the_reward_to_go_less_the_value()
    {
        var (advantages, returns) = TokenAdvantages.Gae([0, 0, 1], [0.5, 0.25, 2], [3]);

        Assert.Equal([0.5, 0.75, -1], advantages);
        Assert.Equal([1, 1, 1], returns);
    }

    [Fact]
    public void Whitened_values_have_mean_0_and_deviation_1()
    {
        var statistics = TokenStatistics.Of(TokenAdvantages.Whitened([3, 5, 9, 100]));

        Assert.Equal(0, statistics.Mean, 6);
        Assert.Equal(1, statistics.Variance, 6);
    }

    [Fact]
    public void Values_for_another_number_of_tokens_are_an_error() =>
        Assert.Throws<ArgumentException>(() => TokenAdvantages.RewardToGo([1, 2], [3]));
}
