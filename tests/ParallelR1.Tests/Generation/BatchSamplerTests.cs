using ParallelR1.Generation;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Generation;

/// <summary>What both ways to answer have to do.</summary>
public abstract class BatchSamplerTests
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

    private protected abstract RowAnswer[] Answer(Tensor logits, RowQuery[] queries);

    private RowAnswer[] Answer(float[] logits, int width, RowQuery[] queries)
    {
        using var scope = new TensorScope();
        return Answer(Tensor.From(logits, queries.Length, width), queries);
    }

    private sealed class KeyedDraws(RandomKey key)
    {
        private int _at;

        public double Next() => key.Fold(_at++).Uniform();
    }
}

/// <summary>The kernel.</summary>
public sealed class BatchSamplerOnTheCpuTests : BatchSamplerTests
{
    private protected override RowAnswer[] Answer(Tensor logits, RowQuery[] queries) => BatchSampler.Answer(logits, queries);
}

/// <summary>The operators that run on any device; here on the CPU, and on a GPU where there is one.</summary>
public sealed class BatchSamplerOnADeviceTests : BatchSamplerTests
{
    [Theory]
    [InlineData(1, 1, 0, 0)]
    [InlineData(0.6, 0.95, 0, 0)]
    [InlineData(1.2, 1, 40, 0)]
    [InlineData(1, 0.8, 100, 0.02)]
    [InlineData(0, 1, 0, 0)]
    public void It_draws_the_tokens_of_the_kernel_with_the_same_log_probabilities(double temperature, double topP, int topK, double minP)
    {
        const int Rows = 400, Width = 1501;
        using var scope = new TensorScope();
        var key = RandomKey.FromSeed(7);
        var logits = Tensor.From([.. Enumerable.Range(0, Rows * Width).Select(i => (float)(12 * key.Fold(i).Uniform()))], Rows, Width);
        var sampler = new Sampler(temperature, topP, topK, minP);
        var queries = Enumerable.Range(0, Rows).Select(i => new RowQuery(
            [.. Enumerable.Range(0, i % 3)],
            i % 10 == 9 ? null : new DrawQuery(sampler, [.. Enumerable.Range(0, i % 5)], key.Fold(-1 - i).Uniform()))).ToArray();

        var expected = BatchSampler.Answer(logits, queries);
        var found = Answer(logits, queries);

        // A draw within rounding of the border of two tokens may take the other one.
        Assert.InRange(expected.Zip(found).Count(pair => pair.First.Id != pair.Second.Id), 0, 1);
        foreach (var (first, second) in expected.Zip(found).Where(pair => pair.First.Id == pair.Second.Id))
        {
            Assert.Equal(first.LogProb, second.LogProb, 1e-5f);
            Assert.Equal(first.AllowedLogProb, second.AllowedLogProb, 1e-5f);
            Assert.Equal(first.Scores.Length, second.Scores.Length);
            Assert.All(first.Scores.Zip(second.Scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Fact]
    public void Refuses_places_outside_of_the_logits_and_bans_out_of_order()
    {
        using var scope = new TensorScope();
        var sample = new Operator("parallelr1::sample_rows");
        var (logits, draws, none) = (Tensor.Zeros([2, 3], ScalarType.Float32), Tensor.Zeros([2, 5], ScalarType.Float64), Tensor.From(Array.Empty<long>(), 0));

        Assert.Contains("place 6 is not in 0 .. 5", Assert.Throws<TorchException>(() => sample.CallMany(logits, draws, none, Tensor.From([6L], 1))).Message, StringComparison.Ordinal);
        Assert.Contains("order of the rows", Assert.Throws<TorchException>(() => sample.CallMany(logits, draws, Tensor.From([4L, 1L], 2), none)).Message, StringComparison.Ordinal);
    }

    private protected override RowAnswer[] Answer(Tensor logits, RowQuery[] queries) =>
        BatchSampler.OnDevice(Runtime.CudaDevices > 0 ? logits.To(Device.Cuda()) : logits, queries);
}
