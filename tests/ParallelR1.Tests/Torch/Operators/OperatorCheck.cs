using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

/// <summary>Compares a custom operator, forward and backward, with a function that is obviously right.</summary>
internal static class OperatorCheck
{
    public static Tensor Random(RandomKey key, ScalarType type, params long[] shape)
    {
        var values = new double[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = key.Normal(i);
        return Tensor.From(values, shape).To(type);
    }

    /// <summary>The result, then the gradient of each input for a given gradient of the result.</summary>
    public static Tensor[] Run(Func<Tensor[], Tensor> function, Tensor[] inputs, Tensor slope)
    {
        var leaves = inputs.Select(x => x.Detach()).ToArray();
        foreach (var leaf in leaves)
            leaf.RequiresGrad = true;
        var result = function(leaves);
        result.Backward(slope.To(result.DType));
        return [result.Detach(), .. leaves.Select(leaf => leaf.Grad!)];
    }

    /// <summary>Result and gradients against those of the reference in f64, relative in norm.</summary>
    public static void Agree(string what, double tolerance, Func<Tensor[], Tensor> function, Func<Tensor[], Tensor> reference, Tensor[] inputs, RandomKey key)
    {
        var wide = inputs.Select(x => x.To(ScalarType.Float64)).ToArray();
        Tensor slope;
        using (GradMode.Off())
            slope = Random(key, inputs[0].DType, reference(wide).Shape).To(ScalarType.Float64);
        var (actual, expected) = (Run(function, inputs, slope), Run(reference, wide, slope));
        for (var i = 0; i < actual.Length; i++)
        {
            var distance = Distance(actual[i], expected[i]);
            Assert.True(distance <= tolerance, $"{what}: {(i == 0 ? "the result" : $"the gradient of input {i - 1}")} is off by {distance:g3}");
        }
    }

    /// <summary>Every element of every gradient against central differences, in f64.</summary>
    public static void DifferencesAgree(string what, Func<Tensor[], Tensor> function, Tensor[] inputs, RandomKey key)
    {
        const double h = 1e-5;
        Tensor weights;
        using (GradMode.Off())
            weights = Random(key, ScalarType.Float64, function(inputs).Shape);
        var gradients = Run(function, inputs, weights);
        using var mode = GradMode.Off();
        for (var i = 0; i < inputs.Length; i++)
        {
            var (values, gradient) = (inputs[i].ToArray<double>(), gradients[i + 1].ToArray<double>());
            for (var j = 0; j < values.Length; j++)
            {
                var difference = (Value(i, j, h) - Value(i, j, -h)) / (2 * h);
                Assert.True(Math.Abs(difference - gradient[j]) <= 1e-7 * Math.Max(1, Math.Abs(difference)),
                    $"{what}: the gradient of input {i} at {j} is {gradient[j]}, the difference quotient {difference}");
            }

            double Value(int input, int element, double step)
            {
                using var scope = new TensorScope();
                var moved = values.ToArray();
                moved[element] += step;
                var changed = Tensor.From(moved, inputs[input].Shape);
                return (function([.. inputs.Select((x, n) => n == input ? changed : x)]) * weights).Sum().Item();
            }
        }
    }

    /// <summary>The same bits, in results and gradients.</summary>
    public static void SameBits(string what, Tensor[] expected, Tensor[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Contiguous().Bytes().SequenceEqual(actual[i].Contiguous().Bytes()), $"{what}: tensor {i} differs");
    }

    private static double Distance(Tensor actual, Tensor expected)
    {
        var (a, b) = (actual.To(ScalarType.Float64).ToArray<double>(), expected.ToArray<double>());
        Assert.Equal(b.Length, a.Length);
        var off = Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
        var norm = Math.Sqrt(b.Sum(x => x * x));
        // Inputs are about 1 in size: a gradient that is zero by construction (a token that sees only itself) is made of terms of that size,
        // and what is left of them is their rounding.
        return off == 0 ? 0 : off / Math.Max(norm, 0.1 * Math.Sqrt(b.Length));
    }
}
