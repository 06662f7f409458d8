using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

public sealed class FusedOperatorTests
{
    private static readonly int[] s_widths = [2, 5, 16, 24, 33, 64, 160, 480];

    [Theory]
    [InlineData(ScalarType.Float64, 1e-13)]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.BFloat16, 6e-3)]
    public void Result_and_gradients_equal_the_reference(ScalarType type, double tolerance)
    {
        foreach (var name in new[] { "rms_norm", "rotary", "swiglu" })
        {
            for (var seed = 0; seed < 20; seed++)
            {
                using var scope = new TensorScope();
                var key = RandomKey.FromSeed(seed);
                var (inputs, rest) = Case(name, key, type);
                OperatorCheck.Agree($"{name}, {type}, seed {seed}, {inputs[0]}", tolerance, Call(name, rest), Call(name + "_reference", rest), inputs, key.Fold("slope"));
            }
        }
    }

    [Theory]
    [InlineData("rms_norm")]
    [InlineData("rotary")]
    [InlineData("swiglu")]
    public void Gradients_equal_difference_quotients(string name)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            using var scope = new TensorScope();
            var key = RandomKey.FromSeed(seed);
            var (inputs, rest) = Case(name, key, ScalarType.Float64, rows: 3, width: 6);
            OperatorCheck.DifferencesAgree($"{name}, seed {seed}", Call(name, rest), inputs, key.Fold("weights"));
        }
    }

    [Theory]
    [InlineData("rms_norm", "does not go with weight [3]")]
    [InlineData("rotary", "does not go with cosine")]
    [InlineData("swiglu", "differ")]
    public void Shapes_that_do_not_go_together_are_refused(string name, string reason)
    {
        using var scope = new TensorScope();
        var x = Tensor.Zeros(name == "rotary" ? [4, 2, 5] : [4, 5]);
        Argument[] arguments = name switch
        {
            "rms_norm" => [x, Tensor.Zeros([3]), 1e-6],
            "rotary" => [x, Tensor.Zeros([4, 2]), Tensor.Zeros([4, 2])],
            _ => [x, Tensor.Zeros([4, 6])],
        };

        Assert.Contains(reason, Assert.Throws<TorchException>(() => new Operator($"parallelr1::{name}").Call(arguments)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rms_norm")]
    [InlineData("rotary")]
    [InlineData("swiglu")]
    public void Other_types_are_refused_by_name(string name)
    {
        using var scope = new TensorScope();
        var x = Tensor.Zeros(name == "rotary" ? [4, 2, 6] : [4, 6], ScalarType.Float16);
        Argument[] arguments = name switch
        {
            "rms_norm" => [x, Tensor.Zeros([6], ScalarType.Float16), 1e-6],
            "rotary" => [x, Tensor.Zeros([4, 3]), Tensor.Zeros([4, 3])],
            _ => [x, x],
        };

        Assert.Contains("takes float32, float64 or bfloat16", Assert.Throws<TorchException>(() => new Operator($"parallelr1::{name}").Call(arguments)).Message, StringComparison.Ordinal);
    }

    internal static Func<Tensor[], Tensor> Call(string name, Tensor[] rest)
    {
        var op = new Operator($"parallelr1::{name}");
        return x => name[..3] switch
        {
            "rms" => op.Call(x[0], x[1], 1e-6),
            "rot" => op.Call(x[0], Angle(rest[0], x[0].DType), Angle(rest[1], x[0].DType)),
            _ => op.Call(x[0], x[1]),
        };

        static Tensor Angle(Tensor table, ScalarType type) => table.To(type == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
    }

    internal static (Tensor[] Inputs, Tensor[] Tables) Case(string name, RandomKey key, ScalarType type, int? rows = null, int? width = null)
    {
        var (r, w, heads) = (rows ?? 1 + key.Next(70, 1), width ?? s_widths[key.Next(s_widths.Length, 2)], 1 + key.Next(4, 3));
        if (name == "rotary")
        {
            w = (w + 1) / 2 * 2;
            var angles = OperatorCheck.Random(key.Fold("angle"), ScalarType.Float32, r, w / 2);
            return ([OperatorCheck.Random(key.Fold(0), type, r, heads, w)], [angles, angles * 0.5]);
        }

        var x = OperatorCheck.Random(key.Fold(0), type, r, w);
        return name == "rms_norm"
            ? ([x, OperatorCheck.Random(key.Fold(1), type, w)], [])
            : ([x * 4, OperatorCheck.Random(key.Fold(1), type, r, w)], []);
    }
}
