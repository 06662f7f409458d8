using ParallelR1.Rewards;

namespace ParallelR1.Tests.Rewards;

public sealed class RewardFunctionTests
{
    private const string Block = "<Parallel><Path>one way</Path><Path>the other</Path></Parallel>\n<Summary>both</Summary>";

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    [InlineData(10, false)]
    [InlineData(11, true)]
    [InlineData(18, true)]
    [InlineData(20, false)]
    public void The_schedule_alternates_from_step_one(long step, bool accuracy) =>
        Assert.Equal(accuracy, new RewardSchedule().IsAccuracyStep(step));

    [Theory]
    [InlineData(5, 0.5, 10)]
    [InlineData(16, 0.8, 20)]
    [InlineData(0, 0, 10)]
    [InlineData(10, 1, 10)]
    public void The_fraction_of_a_window_is_rewarded_for_accuracy(int steps, double fraction, int window)
    {
        var schedule = new RewardSchedule { Window = window, AccuracyFraction = fraction };

        Assert.Equal(steps, Enumerable.Range(1, window).Count(step => schedule.IsAccuracyStep(step)));
    }

    [Theory]
    [InlineData(1, true, 1)]
    [InlineData(9, true, 2)]
    [InlineData(9, false, 0.5)]
    public void A_schedule_uses_its_tiers_in_the_last_part(long step, bool parallel, double score)
    {
        var reward = new RewardFunction(new RewardOptions
        {
            Schedule = new RewardSchedule { Tiers = new RewardTiers { Parallel = 2, Plain = 0.5, Wrong = -3 } },
        });

        Assert.Equal(score, Score(reward, parallel ? Block : "", step).Score);
    }

    [Fact]
    public void Correct_but_malformed_is_wrong_in_the_tiers()
    {
        var reward = new RewardFunction(new RewardOptions { Method = "emphase_parallel" });

        Assert.Equal(1.2, Score(reward, Block, 1).Score);
        Assert.Equal(1, Score(reward, "", 1).Score);
        Assert.Equal(-1, Score(reward, "<Parallel>", 1).Score);
    }

    [Fact]
    public void An_unknown_method_is_refused_with_the_known_ones() =>
        Assert.Contains("accuracy_reward", Assert.Throws<UsageException>(() => new RewardFunction(new RewardOptions { Method = "x" })).Message, StringComparison.Ordinal);

    [Fact]
    public void Efficiency_counts_the_longest_path_of_a_block()
    {
        var efficiency = Efficiency.Of("<Parallel><Path>a b</Path> <Path>c d e</Path></Parallel> f");

        Assert.Equal(new Efficiency(6, 4, 1), efficiency);
        Assert.Equal(2 / 6.0, efficiency.Gain);
    }

    [Fact]
    public void Equal_paths_are_fully_alike_and_unrelated_ones_not_at_all()
    {
        Assert.Equal(1, SelfBleu.OfBlock(["the same words here", "the same words here"]), 12);
        Assert.Equal(0, SelfBleu.OfBlock(["one two", "three four"]));
        Assert.Equal(1, SelfBleu.Average("no block"));
    }

    private static RewardResult Score(RewardFunction reward, string block, long step) =>
        reward.Score($"{block} Final Answer: 42", "Final Answer: 42", "42", step);
}
