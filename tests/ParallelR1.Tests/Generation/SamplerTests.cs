using ParallelR1.Generation;

namespace ParallelR1.Tests.Generation;

public sealed class SamplerTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(5)]
    [InlineData(40)]
    public void What_is_left_beside_banned_tokens_is_summed_exactly_even_where_it_is_next_to_nothing(double height)
    {
        float[] logits = [1, (float)height, -2, 0.5f, (float)height + 1];

        var all = Sampler.LogSumExp(logits);

        Assert.Equal(Math.Log(Math.Exp(1) + Math.Exp(-2) + Math.Exp(0.5)), Sampler.LogSumExp(logits, [1, 4, 99], all), 1e-5);
        Assert.Equal(all, Sampler.LogSumExp(logits, [], all));
    }
}
