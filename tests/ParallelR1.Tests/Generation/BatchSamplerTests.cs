using ParallelR1.Generation;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Generation;

public sealed class BatchSamplerTests
{
    [Theory]
    [InlineData(1, 0, 50)]
    [InlineData(0.6, 0, 700)]
    [InlineData(1.7, 0.05, 3000)]
    public void The_token_drawn_is_the_one_at_which_the_running_sum_of_the_probabilities_passes_the_uniform_draw(double temperature, double minP, int width)
    {
        const int Rows = 200;
        var random = new KeyedDraws(RandomKey.FromSeed(3));
        var logits = Enumerable.Range(0, Rows * width).Select(_ => (float)(8 * random.Next() - 4)).ToArray();
        int[] banned = [5, 0, width - 1];
        var queries = Enumerable.Range(0, Rows).Select(_ => Query(temperature, minP, banned, random.Next())).ToArray();

        var answers = Answer(logits, width, queries);

        for (var row = 0; row < Rows; row++)
        {
            var of = logits.AsSpan(row * width, width).ToArray();
            var top = Enumerable.Range(0, width).Except(banned).Max(i => of[i]);
            var weights = of.Select((x, i) => banned.Contains(i) || Math.Exp((x - top) / temperature) < minP ? 0 : Math.Exp((x - top) / temperature)).ToArray();
            var (before, total, id) = (weights.Take(answers[row].Id).Sum(), weights.Sum(), answers[row].Id);
            Assert.InRange(queries[row].Draw!.Uniform, before / total - 1e-5, (before + weights[id]) / total + 1e-5);
            Assert.True(weights[id] > 0);
            Assert.Equal(of[id] - Math.Log(of.Sum(x => Math.Exp(x))), answers[row].LogProb, 1e-5);
        }
    }

    [Fact]
    public void At_temperature_0_the_first_of_the_most_probable_tokens_that_are_not_banned_is_taken() =>
        Assert.Equal(2, Answer([9, 1, 3, 3, -5], 5, [Query(0, 0, [0], 0.9)])[0].Id);

    [Fact]
    public void A_draw_next_to_1_takes_the_last_token_that_has_weight() =>
        Assert.Equal(2, Answer([0, 0, 0, -200, 0], 5, [Query(1, 0.1, [4], BitConverter.UInt64BitsToDouble(0x3FEFFFFFFFFFFFFF))])[0].Id);

    [Theory]
    [InlineData(2, 1, 0, new[] { 2, 4 })] // logits 4, 3.5, and of the two that are equal the smaller id
    [InlineData(3, 1, 0, new[] { 1, 2, 4 })]
    [InlineData(0, 0.6, 0, new[] { 2, 4 })] // masses 0.4, 0.24, 0.15, 0.15, 0.05
    [InlineData(0, 0.3, 0, new[] { 2 })]
    [InlineData(0, 0.8, 0.3, new[] { 1, 2, 4 })]
    [InlineData(0, 0.8, 0.5, new[] { 2, 4 })] // of what min-p left
    [InlineData(3, 0.8, 0, new[] { 2, 4 })] // of what top-k left
    [InlineData(2, 0.5, 0, new[] { 2 })]
    public void Top_k_and_top_p_leave_the_most_probable_tokens_that_are_not_banned(int topK, double topP, double minP, int[] expected)
    {
        float[] logits = [9, 3, 4, 3, 3.5f, 2];
        var sampler = new Sampler(1, topP, topK, minP);

        var drawn = Answer([.. Enumerable.Repeat(logits, 200).SelectMany(row => row)], logits.Length,
            [.. Enumerable.Range(0, 200).Select(i => new RowQuery([], new DrawQuery(sampler, [0], i / 200.0)))]);

        Assert.Equal(expected, drawn.Select(answer => answer.Id).Distinct().Order());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e20f)]
    public void A_row_with_a_logit_of_no_use_fails_and_the_others_do_not(float value)
    {
        float[] logits = [1, 2, 3, value, 1, 2];

        var answers = Answer(logits, 3, [Query(1, 0, [], 0.5), Query(1, 0, [], 0.5)]);

        Assert.Null(answers[0].Failure);
        Assert.NotNull(answers[1].Failure);
    }

    [Fact]
    public void What_a_row_gives_depends_neither_on_its_neighbours_nor_on_who_shapes_their_distributions()
    {
        const int Width = 699, Rows = 300;
        var random = new KeyedDraws(RandomKey.FromSeed(4));
        var logits = Enumerable.Range(0, Rows * Width).Select(_ => (float)(6 * random.Next())).ToArray();
        var queries = Enumerable.Range(0, Rows).Select(i => i % 7 == 0
            ? new RowQuery([i % Width], new DrawQuery(new Sampler(1, 0.9, 20), [1, 2], random.Next()))
            : Query(1, 0, [1, 2], random.Next())).ToArray();

        var together = Answer(logits, Width, queries);

        for (var row = 0; row < Rows; row += 13)
            Assert.Equal(Plain(together[row]), Plain(Answer(logits[(row * Width)..((row + 1) * Width)], Width, [queries[row]])[0]));

        static (int, float, float) Plain(RowAnswer answer) => (answer.Id, answer.LogProb, answer.AllowedLogProb);
    }

    private static RowQuery Query(double temperature, double minP, int[] banned, double uniform) =>
        new([], new DrawQuery(new Sampler(temperature, MinP: minP), banned, uniform));

    private static RowAnswer[] Answer(float[] logits, int width, RowQuery[] queries)
    {
        using var scope = new TensorScope();
        return BatchSampler.Answer(Tensor.From(logits, queries.Length, width), queries);
    }

    private sealed class KeyedDraws(RandomKey key)
    {
        private int _at;

        public double Next() => key.Fold(_at++).Uniform();
    }
}
