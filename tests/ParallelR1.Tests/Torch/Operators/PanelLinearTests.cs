using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

public sealed class PanelLinearTests
{
    private static readonly Operator s_pack = new("parallelr1::panel_pack");
    private static readonly Operator s_apply = new("parallelr1::panel_linear");

    [Theory]
    [InlineData(ScalarType.Float32, 2e-6)]
    [InlineData(ScalarType.BFloat16, 1e-2)]
    public void Result_and_gradients_equal_the_ordinary_ones(ScalarType type, double tolerance)
    {
        foreach (var (rows, depth, width) in new[] { (1, 3, 5), (7, 40, 33), (33, 64, 96), (401, 50, 130) })
        {
            using var scope = new TensorScope();
            var key = RandomKey.FromSeed(rows);
            Tensor[] inputs = [OperatorCheck.Random(key.Fold(0), type, rows, depth), OperatorCheck.Random(key.Fold(1), type, width, depth), OperatorCheck.Random(key.Fold(2), type, width)];
            OperatorCheck.Agree($"{type}, {rows} × {depth} × {width}", tolerance * Math.Sqrt(depth), x => Apply(x[0], x[1], x[2]), x => x[0].Linear(x[1], x[2]), inputs, key.Fold("slope"));
            OperatorCheck.Agree($"{type}, {rows} × {depth} × {width}, no bias", tolerance * Math.Sqrt(depth), x => Apply(x[0], x[1], null), x => x[0].Linear(x[1]), inputs[..2], key.Fold("slope"));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_row_has_the_same_bits_alone_and_beside_any_others(ScalarType type)
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        var key = RandomKey.FromSeed(1);
        var (x, weight) = (OperatorCheck.Random(key.Fold(0), type, 230, 70), OperatorCheck.Random(key.Fold(1), type, 90, 70));

        var whole = Apply(x, weight, null);

        foreach (var (start, end) in new[] { (0, 1), (3, 20), (190, 195), (100, 230) })
            OperatorCheck.SameBits($"rows {start} to {end}", [whole.Slice(0, start, end)], [Apply(x.Slice(0, start, end), weight, null)]);
    }

    [Fact]
    public void Panels_of_another_weight_are_refused()
    {
        using var scope = new TensorScope();
        var (x, weight) = (Tensor.Zeros([2, 8]), Tensor.Zeros([4, 8]));

        Assert.Contains("another weight", Assert.Throws<TorchException>(() => s_apply.Call(x, weight, Argument.None, s_pack.Call(Tensor.Zeros([4, 9])))).Message, StringComparison.Ordinal);
    }

    private static Tensor Apply(Tensor x, Tensor weight, Tensor? bias) => s_apply.Call(x, weight, bias, s_pack.Call(weight));
}
