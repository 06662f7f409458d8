using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

public sealed class PathAttentionTests
{
    private static readonly Operator s_fast = new("parallelr1::path_attention");
    private static readonly Operator s_reference = new("parallelr1::path_attention_reference");
    private static readonly int[] s_depths = [1, 3, 4, 8, 12, 16, 20, 32, 33, 40, 64, 80];

    [Theory]
    [InlineData(ScalarType.Float64, 1e-13)]
    [InlineData(ScalarType.Float32, 2e-6)]
    [InlineData(ScalarType.BFloat16, 6e-3)]
    public void Result_and_gradients_equal_the_reference(ScalarType type, double tolerance)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var scope = new TensorScope();
            var key = RandomKey.FromSeed(seed);
            using var pack = RandomPack.Pack(key, 1 + key.Next(5, 1), 12);
            var inputs = Inputs(key, pack.Length, type);
            OperatorCheck.Agree($"{type}, seed {seed}, {inputs[0]}, {inputs[1]}", tolerance, Call(s_fast, pack), Call(s_reference, pack), inputs, key.Fold("slope"));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-13)]
    [InlineData(ScalarType.Float32, 2e-6)]
    public void Long_traces_too(ScalarType type, double tolerance)
    {
        using var scope = new TensorScope();
        var key = RandomKey.FromSeed(7);
        using var pack = RandomPack.Pack(key, 2, 300);
        Assert.True(pack.Length > 500);
        OperatorCheck.Agree($"{pack.Length} tokens", tolerance, Call(s_fast, pack), Call(s_reference, pack), Inputs(key, pack.Length, type), key.Fold("slope"));
    }

    [Fact]
    public void Gradients_equal_difference_quotients()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            using var scope = new TensorScope();
            var key = RandomKey.FromSeed(seed);
            using var pack = RandomPack.Pack(key, 2, 5);
            Tensor[] inputs = [.. new[] { 4L, 2, 2 }.Select((heads, i) => OperatorCheck.Random(key.Fold(i), ScalarType.Float64, pack.Length, heads, 3))];
            OperatorCheck.DifferencesAgree($"seed {seed}", Call(s_fast, pack), inputs, key.Fold("weights"));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_trace_gives_the_same_bits_alone_and_in_any_pack(ScalarType type)
    {
        using var scope = new TensorScope();
        var key = RandomKey.FromSeed(3);
        var traces = RandomPack.Traces(key, 5, 12);
        using var together = RandomPack.Pack(traces);
        var inputs = Inputs(key, together.Length, type);
        var slope = OperatorCheck.Random(key.Fold("slope"), type, inputs[0].Shape);
        var whole = OperatorCheck.Run(Call(s_fast, together), inputs, slope);
        for (var i = 0; i < traces.Length; i++)
        {
            using var pack = RandomPack.Pack(traces[i]);
            var (start, length) = (traces.Take(i).Sum(trace => trace.Length), traces[i].Length);
            var alone = OperatorCheck.Run(Call(s_fast, pack), [.. inputs.Select(x => x.Slice(0, start, start + length))], slope.Slice(0, start, start + length));
            OperatorCheck.SameBits($"trace {i}", [.. whole.Select(x => x.Slice(0, start, start + length))], alone);
        }
    }

    [Fact]
    public void Views_with_strides_and_large_scores_are_read_rightly()
    {
        using var scope = new TensorScope();
        var key = RandomKey.FromSeed(5);
        using var pack = RandomPack.Pack(key, 2, 8);
        Tensor[] inputs = [.. new[] { 6L, 3, 3 }.Select((heads, i) => (OperatorCheck.Random(key.Fold(i), ScalarType.Float64, 20, heads, pack.Length) * 10).Transpose(0, 2))];
        OperatorCheck.Agree("transposed", 1e-11, Call(s_fast, pack), Call(s_reference, pack), inputs, key.Fold("slope"));
    }

    [Theory]
    [InlineData("0 4 0 0", "", "0 1", "runs cover 4 tokens, q has 5")]
    [InlineData("0 2 0 0; 3 5 0 0", "", "0 2", "run 1 starts at 3, expected 2")]
    [InlineData("0 2 0 0; 1 5 0 0", "", "0 2", "run 1 starts at 1, expected 2")]
    [InlineData("0 5 0 0; 5 5 0 0", "", "0 2", "run 1 starts at 5")]
    [InlineData("0 5 0 1", "", "0 1", "run 0 has no such ranges")]
    [InlineData("0 5 -1 0", "", "0 1", "run 0 has no such ranges")]
    [InlineData("0 2 0 0; 2 5 1 0", "0 1", "0 2", "run 1 has no such ranges")]
    [InlineData("0 2 0 0; 2 5 0 1", "1 3", "0 2", "ranges of run 1 must be sorted")]
    [InlineData("0 2 0 0; 2 5 0 1", "1 1", "0 2", "ranges of run 1 must be sorted")]
    [InlineData("0 2 0 0; 2 5 0 1", "-1 1", "0 2", "ranges of run 1 must be sorted")]
    [InlineData("0 3 0 0; 3 5 0 2", "1 2 0 1", "0 2", "ranges of run 1 must be sorted")]
    [InlineData("0 2 0 0; 2 5 0 1", "0 1", "0 1 2", "ranges of run 1 must be sorted, not empty, in its trace")]
    [InlineData("0 2 0 0; 2 5 0 0", "", "0 1", "traces must cover all runs")]
    [InlineData("0 5 0 0", "", "0 0 1", "a trace has at least one run")]
    [InlineData("0 5 0 0", "", "0 7 1", "a trace has at least one run")]
    [InlineData("0 5 0 0", "", "", "traces [traces + 1]")]
    public void Tables_that_do_not_fit_are_refused_with_the_reason(string runs, string ranges, string traces, string reason)
    {
        using var scope = new TensorScope();
        var x = Tensor.Zeros([5, 1, 4]);
        var message = Assert.Throws<TorchException>(() => s_fast.Call(x, x, x, Table(runs, 4), Table(ranges, 2), Table(traces, 0), 1.0)).Message;

        Assert.Contains("parallelr1::path_attention", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_and_types_that_do_not_go_together_are_refused()
    {
        using var scope = new TensorScope();
        var (runs, ranges, traces) = (Table("0 5 0 0", 4), Table("", 2), Table("0 1", 0));

        Refuses("heads must be a multiple", Tensor.Zeros([5, 3, 4]), Tensor.Zeros([5, 2, 4]));
        Refuses("tokens and depth equal", Tensor.Zeros([5, 2, 4]), Tensor.Zeros([5, 2, 3]));
        Refuses("q is [tokens, heads, depth]", Tensor.Zeros([5, 4]), Tensor.Zeros([5, 4]));
        Refuses("one dtype", Tensor.Zeros([5, 2, 4]), Tensor.Zeros([5, 2, 4], ScalarType.Float64));
        Refuses("float32, float64 or bfloat16", Tensor.Zeros([5, 2, 4], ScalarType.Float16), Tensor.Zeros([5, 2, 4], ScalarType.Float16));
        runs = runs.To(ScalarType.Int64);
        Refuses("int32 on the CPU", Tensor.Zeros([5, 2, 4]), Tensor.Zeros([5, 2, 4]));

        void Refuses(string reason, Tensor q, Tensor k) =>
            Assert.Contains(reason, Assert.Throws<TorchException>(() => s_fast.Call(q, k, k, runs, ranges, traces, 1.0)).Message, StringComparison.Ordinal);
    }

    internal static Func<Tensor[], Tensor> Call(Operator op, PackedBatch pack) =>
        x => op.Call(x[0], x[1], x[2], pack.Runs, pack.Ranges, pack.Traces, 1 / Math.Sqrt(x[0].Shape[2]));

    internal static Tensor[] Inputs(RandomKey key, int tokens, ScalarType type)
    {
        var (kvHeads, group, depth) = (1 + key.Next(3, 2), 1 + key.Next(5, 3), s_depths[key.Next(s_depths.Length, 4)]);
        return [.. new[] { kvHeads * group, kvHeads, kvHeads }.Select((heads, i) => OperatorCheck.Random(key.Fold("input").Fold(i), type, tokens, heads, depth))];
    }

    private static Tensor Table(string text, int columns)
    {
        var values = text.Split([' ', ';'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
        return columns == 0 ? Tensor.From(values, values.Length) : Tensor.From(values, values.Length / columns, columns);
    }
}
