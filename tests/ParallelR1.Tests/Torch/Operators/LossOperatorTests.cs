using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

public sealed class LossOperatorTests
{
    private static readonly int[] s_widths = [1, 2, 5, 16, 33, 160, 704, 3001];

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 2e-6)]
    [InlineData(ScalarType.BFloat16, 6e-3)]
    public void Scores_entropies_and_gradients_equal_the_reference(ScalarType type, double tolerance)
    {
        for (var seed = 0; seed < 24; seed++)
        {
            using var scope = new TensorScope();
            var key = RandomKey.FromSeed(seed);
            var (logits, targets) = Case(key, type, 1 + key.Next(40, 1), s_widths[seed % s_widths.Length]);
            OperatorCheck.Agree($"{type}, seed {seed}, {logits}", tolerance, Call("token_scores", targets), Call("token_scores_reference", targets), [logits], key.Fold("slope"));
        }
    }

    [Fact]
    public void Gradients_equal_difference_quotients()
    {
        using var scope = new TensorScope();
        var key = RandomKey.FromSeed(1);
        var (logits, targets) = Case(key, ScalarType.Float64, 4, 9);
        OperatorCheck.DifferencesAgree("token_scores", Call("token_scores", targets), [logits], key.Fold("weights"));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Either_result_may_go_unused_and_logits_may_be_far_apart(ScalarType type)
    {
        using var scope = new TensorScope();
        var targets = Tensor.From([2L, 0], 2);
        foreach (var used in new[] { 0, 1 })
        {
            var logits = Tensor.From([1e4f, 0, -1e4f, 0, 5, 5], 2, 3).To(type);
            logits.RequiresGrad = true;
            var result = new Operator("parallelr1::token_scores").CallMany(logits, targets)[used]!;
            result.Sum().Backward();

            Assert.All(result.Detach().ToArray<float>(), x => Assert.True(float.IsFinite(x)));
            Assert.All(logits.Grad!.To(ScalarType.Float32).ToArray<float>(), x => Assert.True(float.IsFinite(x)));
            Assert.Equal(used == 0 ? -2e4f : 0, result.Detach().ToArray<float>()[0], type == ScalarType.BFloat16 ? 100f : 1e-3f);
        }
    }

    [Fact]
    public void Targets_outside_of_the_vocabulary_are_refused()
    {
        using var scope = new TensorScope();
        var op = new Operator("parallelr1::token_scores");
        var logits = Tensor.Zeros([2, 5]);

        Assert.Contains("target 5 is not in 0 .. 4", Assert.Throws<TorchException>(() => op.CallMany(logits, Tensor.From([0L, 5], 2))).Message, StringComparison.Ordinal);
        Assert.Contains("target -1 is not in 0 .. 4", Assert.Throws<TorchException>(() => op.CallMany(logits, Tensor.From([-1L, 0], 2))).Message, StringComparison.Ordinal);
        Assert.Contains("targets int64 [tokens]", Assert.Throws<TorchException>(() => op.CallMany(logits, Tensor.From([0L], 1))).Message, StringComparison.Ordinal);
    }

    internal static Func<Tensor[], Tensor> Call(string name, Tensor targets)
    {
        var op = new Operator($"parallelr1::{name}");
        return x => Tensor.Concat([.. op.CallMany(x[0], targets).Select(t => t!)]);
    }

    internal static (Tensor Logits, Tensor Targets) Case(RandomKey key, ScalarType type, int rows, int width) =>
        (OperatorCheck.Random(key.Fold("logits"), type, rows, width) * 3,
            Tensor.From(Enumerable.Range(0, rows).Select(i => (long)key.Fold("target").Next(width, i)).ToArray(), rows));
}
