using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

public sealed class OptimizerOperatorTests
{
    private static readonly Operator s_fast = new("parallelr1::adamw_");
    private static readonly Operator s_reference = new("parallelr1::adamw_reference_");

    [Theory]
    [InlineData(ScalarType.Float64, ScalarType.Float64, 1e-14)]
    [InlineData(ScalarType.Float32, ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16, 1e-6)]
    public void Ten_steps_equal_the_reference(ScalarType type, ScalarType gradients, double tolerance)
    {
        foreach (var size in new[] { 1, 7, 1000, 40000 })
        {
            using var scope = new TensorScope();
            var key = RandomKey.FromSeed(size);
            var (fast, slow) = (State(key, type, size), State(key, type, size));
            for (var step = 1; step <= 10; step++)
            {
                var gradient = OperatorCheck.Random(key.Fold(step), gradients, size);
                Step(s_fast, fast, gradient, Argument.None, step);
                Step(s_reference, slow, gradient, Argument.None, step);
            }

            for (var i = 0; i < 3; i++)
                Assert.True((fast[i] - slow[i]).Norm().Item() <= tolerance * Math.Max(1, slow[i].Norm().Item()), $"{size} elements, tensor {i}");
        }
    }

    [Fact]
    public void The_copy_is_the_value_rounded_to_bf16()
    {
        using var scope = new TensorScope();
        var key = RandomKey.FromSeed(5);
        var state = State(key, ScalarType.Float32, 1000);
        var copy = Tensor.Zeros([1000], ScalarType.BFloat16);

        Step(s_fast, state, OperatorCheck.Random(key.Fold("g"), ScalarType.BFloat16, 1000), copy, 1);

        Assert.True(copy.Bytes().SequenceEqual(state[0].To(ScalarType.BFloat16).Bytes()));
    }

    [Fact]
    public void Squared_norms_are_summed_in_f64()
    {
        using var scope = new TensorScope();
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16 })
        {
            var x = OperatorCheck.Random(RandomKey.FromSeed(3), type, 100_001);
            var expected = x.To(ScalarType.Float64).ToArray<double>().Sum(v => v * v);
            Assert.Equal(1, new Operator("parallelr1::squared_norm").Call(x).Item() / expected, 1e-12);
        }

        Assert.Equal(0, new Operator("parallelr1::squared_norm").Call(Tensor.Zeros([0])).Item());
    }

    [Fact]
    public void Shapes_that_do_not_go_together_are_refused()
    {
        using var scope = new TensorScope();
        var state = State(RandomKey.FromSeed(0), ScalarType.Float32, 4);

        Assert.Contains("the gradient [3]", Assert.Throws<TorchException>(() => Step(s_fast, state, Tensor.Zeros([3]), Argument.None, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("steps count from 1", Assert.Throws<TorchException>(() => Step(s_fast, state, Tensor.Zeros([4]), Argument.None, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("the copy is not of the shape", Assert.Throws<TorchException>(() => Step(s_fast, state, Tensor.Zeros([4]), Tensor.Zeros([5]), 1)).Message, StringComparison.Ordinal);
    }

    internal static Tensor[] State(RandomKey key, ScalarType type, int size) =>
        [OperatorCheck.Random(key.Fold("value"), type, size), OperatorCheck.Random(key.Fold("mean"), type, size) * 0.1, Tensor.Full([size], 0.01, type)];

    internal static void Step(Operator op, Tensor[] state, Tensor gradient, Argument copy, int step) =>
        op.CallMany(state[0], state[1], state[2], gradient, copy, 0.7, 1e-2, 0.9, 0.95, 1e-8, 0.1, step);
}
