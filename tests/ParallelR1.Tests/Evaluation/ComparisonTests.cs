using ParallelR1.Evaluation;

namespace ParallelR1.Tests.Evaluation;

public sealed class ComparisonTests
{
    [Fact]
    public void The_difference_is_the_mean_over_problems_with_seeds_averaged_within_a_problem()
    {
        var comparison = Comparison.Of(("a", [Result(4, 2, 0), Result(4, 0, 2)]), ("b", [Result(0, 2, 0), Result(2, 0, 2)]));

        Assert.Equal(0.25, comparison.Difference, 12);
        Assert.Equal([1 / 3.0, 1 / 6.0], comparison.PerSeed, (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.True(comparison.SameSign);
    }

    [Fact]
    public void Problems_are_drawn_in_pairs_so_that_what_both_find_hard_widens_no_interval()
    {
        int[] hard = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 0 : 3)];
        int[] better = [.. hard.Select(c => c + 1)];

        var comparison = Comparison.Of(("a", [Result(better)]), ("b", [Result(hard)]));

        Assert.Equal((0.25, 0.25, 0.25), (comparison.Difference, comparison.Low, comparison.High));
    }

    [Fact]
    public void Equal_rows_have_an_interval_around_nothing()
    {
        int[] one = [.. Enumerable.Range(0, 60).Select(i => i % 5)];
        int[] other = [.. Enumerable.Range(0, 60).Select(i => (i * 2) % 5)];

        var comparison = Comparison.Of(("a", [Result(one)]), ("b", [Result(other)]));

        Assert.InRange(0.0, comparison.Low, comparison.High);
    }

    [Fact]
    public void Only_the_chosen_problems_count()
    {
        var comparison = Comparison.Of(("a", [Result(4, 0, 0)]), ("b", [Result(0, 4, 4)]), which: p => p == 0);

        Assert.Equal((1, 1.0), (comparison.Problems, comparison.Difference));
    }

    [Fact]
    public void Rows_of_different_problems_or_seeds_are_refused()
    {
        Assert.Contains("different problems", Assert.Throws<UsageException>(() => Comparison.Of(("a", [Result(1, 2)]), ("b", [Result(1)]))).Message, StringComparison.Ordinal);
        Assert.Contains("seeds", Assert.Throws<UsageException>(() => Comparison.Of(("a", [Result(1)]), ("b", [Result(1), Result(1)]))).Message, StringComparison.Ordinal);
    }

    private static SuiteResult Result(params int[] correct) => new() { Name = "suite", Samples = 4, Correct = correct };
}
