namespace ParallelR1.Tests;

public sealed class RandomKeyTests
{
    [Fact]
    public void A_draw_depends_on_the_key_alone()
    {
        var key = RandomKey.FromSeed(7).Fold(3).Fold("paths");

        Assert.Equal(key.Uniform(5), RandomKey.FromSeed(7).Fold(3).Fold("paths").Uniform(5));
        Assert.NotEqual(key.Uniform(5), key.Uniform(6));
        Assert.NotEqual(RandomKey.FromSeed(7).Fold(3).Fold(4), RandomKey.FromSeed(7).Fold(4).Fold(3));
    }

    [Fact]
    public void Uniform_draws_have_the_moments_of_the_unit_interval()
    {
        var key = RandomKey.FromSeed(1);
        var draws = Enumerable.Range(0, 100_000).Select(i => key.Uniform(i)).ToArray();

        Assert.InRange(draws.Average(), 0.497, 0.503);
        Assert.InRange(draws.Select(x => (x - 0.5) * (x - 0.5)).Average(), 1 / 12.0 - 0.001, 1 / 12.0 + 0.001);
        Assert.All(draws, x => Assert.InRange(x, 0, 1));
    }

    [Fact]
    public void A_permutation_holds_every_index_once() =>
        Assert.Equal(Enumerable.Range(0, 1000), RandomKey.FromSeed(2).Permutation(1000).Order());
}
