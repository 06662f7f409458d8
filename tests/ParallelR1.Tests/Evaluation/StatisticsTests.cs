using ParallelR1.Evaluation;

namespace ParallelR1.Tests.Evaluation;

public sealed class StatisticsTests
{
    [Fact]
    public void Mean_and_pass_count_what_their_names_say()
    {
        int[] correct = [0, 1, 16, 0];

        Assert.Equal((0 + 1 / 16.0 + 1 + 0) / 4, Statistics.MeanAtK(correct, 16), 12);
        Assert.Equal(0.5, Statistics.PassAtK(correct));
    }

    [Theory]
    [InlineData(1, 0.644)]
    [InlineData(2, 0.882)]
    [InlineData(3, 0.964)]
    public void The_published_pass_at_16_of_one_problem_is_reproduced(int correct, double published) =>
        Assert.Equal(published, Statistics.PassAtKBootstrap([correct], 16), 3);

    [Fact]
    public void The_interval_agrees_with_the_normal_one_where_that_holds()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i % 4 == 0 ? 1.0 : 0)];

        var (low, high) = Statistics.Interval95(values, RandomKey.FromSeed(1));

        var half = 1.96 * Math.Sqrt(0.25 * 0.75 / 400);
        Assert.InRange(low, 0.25 - half - 0.006, 0.25 - half + 0.006);
        Assert.InRange(high, 0.25 + half - 0.006, 0.25 + half + 0.006);
        Assert.Equal((low, high), Statistics.Interval95(values, RandomKey.FromSeed(1)));
    }

    [Fact]
    public void The_interval_of_equal_values_is_that_value() =>
        Assert.Equal((0.5, 0.5), Statistics.Interval95([0.5, 0.5, 0.5], RandomKey.FromSeed(1)));
}
