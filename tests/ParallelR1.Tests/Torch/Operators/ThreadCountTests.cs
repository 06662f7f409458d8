using ParallelR1.Tests.Generation;
using ParallelR1.Tests.Models;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

/// <summary>The number of threads is a setting of the process, so these tests run by themselves.</summary>
[Collection(nameof(ThreadCountTests))]
[CollectionDefinition(nameof(ThreadCountTests), DisableParallelization = true)]
public sealed class ThreadCountTests
{
    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Path_attention_gives_the_same_bits_with_one_thread_two_and_three(ScalarType type)
    {
        foreach (var count in new[] { 1, 5 })
        {
            using var scope = new TensorScope();
            var key = RandomKey.FromSeed(count);
            using var pack = RandomPack.Pack(key, count, 120);
            var inputs = PathAttentionTests.Inputs(key, pack.Length, type);
            var call = PathAttentionTests.Call(new Operator("parallelr1::path_attention"), pack);
            Compare($"{count} traces", call, inputs, OperatorCheck.Random(key.Fold("slope"), type, inputs[0].Shape));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_decoding_step_gives_the_same_bits_with_one_thread_two_and_three(ScalarType type)
    {
        var threads = Runtime.Threads;
        try
        {
            var logits = new[] { 1, 2, 3 }.Select(count =>
            {
                Runtime.Threads = count;
                return PackedDecoderTests.LongSequence(type);
            }).ToArray();

            Assert.Equal(logits[0], logits[1]);
            Assert.Equal(logits[0], logits[2]);
        }
        finally
        {
            Runtime.Threads = threads;
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Exact_log_probabilities_have_the_same_bits_with_one_thread_two_and_three(ScalarType type)
    {
        var before = Runtime.Threads;
        try
        {
            var values = new[] { 1, 2, 3 }.Select(threads =>
            {
                Runtime.Threads = threads;
                return ExactTests.Values(104, type);
            }).ToArray();

            Assert.Equal(values[0], values[1]);
            Assert.Equal(values[0], values[2]);
        }
        finally
        {
            Runtime.Threads = before;
        }
    }

    [Theory]
    [InlineData("rms_norm")]
    [InlineData("rotary")]
    [InlineData("swiglu")]
    public void Fused_operators_give_the_same_bits_with_one_thread_two_and_three(string name)
    {
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16 })
        {
            using var scope = new TensorScope();
            var key = RandomKey.FromSeed(1);
            var (inputs, rest) = FusedOperatorTests.Case(name, key, type, rows: 1237, width: 158);
            Compare($"{name}, {type}", FusedOperatorTests.Call(name, rest), inputs, OperatorCheck.Random(key.Fold("slope"), type, inputs[0].Shape));
        }
    }

    [Fact]
    public void Token_scores_give_the_same_bits_with_one_thread_two_and_three()
    {
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16 })
        {
            using var scope = new TensorScope();
            var (logits, targets) = LossOperatorTests.Case(RandomKey.FromSeed(1), type, 301, 703);
            Compare($"token_scores, {type}", LossOperatorTests.Call("token_scores", targets), [logits], OperatorCheck.Random(RandomKey.FromSeed(4), type, 602));
        }
    }

    [Fact]
    public void The_optimizer_gives_the_same_bits_with_one_thread_two_and_three()
    {
        using var scope = new TensorScope();
        var x = OperatorCheck.Random(RandomKey.FromSeed(1), ScalarType.Float32, 200_003);
        Compare("squared_norm", _ => new Operator("parallelr1::squared_norm").Call(x));
        Compare("adamw_", _ =>
        {
            var state = OptimizerOperatorTests.State(RandomKey.FromSeed(2), ScalarType.Float32, 200_003);
            OptimizerOperatorTests.Step(new Operator("parallelr1::adamw_"), state, x, Argument.None, 3);
            return Tensor.Concat(state);
        });

        static void Compare(string what, Func<int, Tensor> run)
        {
            var before = Runtime.Threads;
            try
            {
                var results = new[] { 1, 2, 3 }.Select(threads => run(Runtime.Threads = threads)).ToArray();
                OperatorCheck.SameBits(what, [results[0], results[0]], [results[1], results[2]]);
            }
            finally
            {
                Runtime.Threads = before;
            }
        }
    }

    [Fact]
    public void Several_callers_at_once_get_what_one_gets()
    {
        using var scope = new TensorScope();
        var key = RandomKey.FromSeed(2);
        using var pack = RandomPack.Pack(key, 3, 30);
        var inputs = PathAttentionTests.Inputs(key, pack.Length, ScalarType.Float32);
        var slope = OperatorCheck.Random(key.Fold("slope"), ScalarType.Float32, inputs[0].Shape);
        var call = PathAttentionTests.Call(new Operator("parallelr1::path_attention"), pack);
        var expected = OperatorCheck.Run(call, inputs, slope);

        Parallel.For(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using var own = new TensorScope();
            OperatorCheck.SameBits($"call {i}", expected, OperatorCheck.Run(call, inputs, slope));
        });
    }

    private static void Compare(string what, Func<Tensor[], Tensor> call, Tensor[] inputs, Tensor slope)
    {
        var before = Runtime.Threads;
        try
        {
            Runtime.Threads = 1;
            var one = OperatorCheck.Run(call, inputs, slope);
            foreach (var threads in new[] { 2, 3 })
            {
                Runtime.Threads = threads;
                OperatorCheck.SameBits($"{what} with {threads} threads", one, OperatorCheck.Run(call, inputs, slope));
            }
        }
        finally
        {
            Runtime.Threads = before;
        }
    }
}
