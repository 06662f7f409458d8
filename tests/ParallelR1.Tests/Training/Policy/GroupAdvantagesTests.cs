using FsCheck;
using FsCheck.Fluent;
using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Training.Policy;

public sealed class GroupAdvantagesTests
{
    [Fact]
    public void Two_right_and_two_wrong_answers_get_plus_and_minus_0_866()
    {
        var advantages = GroupAdvantages.Compute([1, 1, -1, -1], [7, 7, 7, 7], AdvantageScale.Grpo);

        Assert.All(advantages[..2], a => Assert.Equal(0.8660, a, 4));
        Assert.All(advantages[2..], a => Assert.Equal(-0.8660, a, 4));
    }

    [Theory]
    [InlineData(AdvantageScale.Grpo)]
    [InlineData(AdvantageScale.DrGrpo)]
    public void Equal_rewards_teach_exactly_nothing_whatever_the_rounding(AdvantageScale scale)
    {
        for (var size = 2; size < 40; size++)
            Assert.All(GroupAdvantages.Compute(Enumerable.Repeat(1.2, size).ToArray(), new int[size], scale), a => Assert.Equal(0, a));
    }

    [Fact]
    public void A_group_of_one_keeps_its_reward()
    {
        Assert.Equal([1.2 / (1 + 1e-6)], GroupAdvantages.Compute([1.2], [3], AdvantageScale.Grpo));
        Assert.Equal([1.2], GroupAdvantages.Compute([1.2], [3], AdvantageScale.DrGrpo));
    }

    [Fact]
    public void A_shift_of_all_rewards_changes_nothing() =>
        Prop.ForAll(ArbMap.Default.ArbFor<short[]>(), ArbMap.Default.ArbFor<short>(), (rewards, shift) =>
        {
            int[] groups = [.. rewards.Select((_, i) => i / 2 % 3), 0, 1, 2, 0, 1, 2];
            double[] plain = [.. rewards, 1, 2, 3, 4, 5, 6];
            double[] shifted = [.. plain.Select(r => r + shift)];

            int[] lengths = [.. groups.Select((_, i) => i % 5 + 1)];

            foreach (var scale in Enum.GetValues<AdvantageScale>())
            {
                var pairs = GroupAdvantages.Compute(plain, groups, scale, lengths).Zip(GroupAdvantages.Compute(shifted, groups, scale, lengths));
                Assert.All(pairs, pair => Assert.Equal(pair.First, pair.Second, 1e-6));
            }
        }).Check(Property.Seeded);

    [Fact]
    public void A_reward_that_is_no_number_is_an_error() =>
        Assert.Throws<ArgumentException>(() => GroupAdvantages.Compute([1, double.NaN], [0, 0], AdvantageScale.Grpo));
}
