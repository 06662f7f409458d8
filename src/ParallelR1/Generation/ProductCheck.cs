using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Checks that matrix products are right, by comparing them with sums in double precision, in several shapes and layouts.</summary>
internal static class ProductCheck
{
    /// <summary>Rows, inner length and columns: full and ragged tiles, single rows, the widths of small models.</summary>
    private static readonly (int M, int K, int N)[] s_shapes =
        [(1, 576, 1536), (3, 1, 5), (7, 129, 83), (16, 128, 512), (64, 64, 64), (129, 257, 65), (200, 300, 250)];

    /// <summary>Describes the first wrong product of a type on a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="type">The number type.</param>
    /// <returns>The description; null if all products are right.</returns>
    public static string? FirstError(Device device, ScalarType type)
    {
        foreach (var (m, k, n) in s_shapes)
        {
            var a = Values(m * k, seed: m, type);
            var b = Values(n * k, seed: n + 1000, type);
            foreach (var (layout, product) in Products(a, b, (m, k, n), device, type))
            {
                if (FirstDifference(product, a, b, (m, k, n), type) is { } difference)
                    return $"[{m}, {k}] times [{k}, {n}] ({layout}): {difference}";
            }
        }

        return null;
    }

    /// <summary>Gets the largest error in the products of the first shape, relative to the sum of the magnitudes of the terms.</summary>
    internal static double LargestError(Device device, ScalarType type)
    {
        var (m, k, n) = s_shapes[0];
        var (a, b) = (Values(m * k, seed: m, type), Values(n * k, seed: n + 1000, type));
        var worst = 0.0;
        foreach (var (_, product) in Products(a, b, (m, k, n), device, type))
        {
            for (var j = 0; j < m * n; j++)
            {
                var (exact, size) = Exact(a, b, j / n, j % n, k);
                worst = Math.Max(worst, Math.Abs(product[j] - exact) / size);
            }
        }

        return worst;
    }

    /// <summary>Describes the first element whose error exceeds what rounding explains; null if there is none. <c>a</c> is [m, k], <c>b</c> is [n, k].</summary>
    internal static string? FirstDifference(float[] product, float[] a, float[] b, (int M, int K, int N) shape, ScalarType type)
    {
        // Twice the error bound of recursive summation in f32, plus one rounding of the result.
        var summing = (shape.K + 1) * Math.Pow(2, -23);
        var storing = type == ScalarType.BFloat16 ? Math.Pow(2, -7) : Math.Pow(2, -23);
        for (var i = 0; i < shape.M; i++)
        {
            for (var j = 0; j < shape.N; j++)
            {
                var (exact, size) = Exact(a, b, i, j, shape.K);
                var found = product[i * shape.N + j];
                if (!(Math.Abs(found - exact) <= summing * size + storing * Math.Abs(exact)))
                    return $"element ({i}, {j}) is {found:G6}, right is {exact:G6}";
            }
        }

        return null;
    }

    private static (double Sum, double Size) Exact(float[] a, float[] b, int i, int j, int length)
    {
        double sum = 0, size = 0;
        for (var l = 0; l < length; l++)
        {
            var term = (double)a[i * length + l] * b[j * length + l];
            sum += term;
            size += Math.Abs(term);
        }

        return (sum, size);
    }

    private static IEnumerable<(string Layout, float[] Product)> Products(float[] a, float[] b, (int M, int K, int N) shape, Device device, ScalarType type)
    {
        using var gradient = GradMode.Off();
        using var scope = new TensorScope();
        var left = Tensor.From(a, shape.M, shape.K).To(type).To(device);
        var right = Tensor.From(b, shape.N, shape.K).To(type).To(device);
        var turnedLeft = left.Transpose(0, 1).Contiguous().Transpose(0, 1);
        var turnedRight = right.Transpose(0, 1).Contiguous();
        yield return ("b transposed", Values(left.MatMul(right.Transpose(0, 1))));
        yield return ("plain", Values(left.MatMul(turnedRight)));
        yield return ("a transposed", Values(turnedLeft.MatMul(turnedRight)));
        yield return ("batched", Values(left.Unsqueeze(0).MatMul(turnedRight.Unsqueeze(0))));
    }

    private static float[] Values(Tensor product) => product.To(ScalarType.Float32).To(Device.Cpu).Contiguous().ToArray<float>();

    /// <summary>Normal draws; for bf16 rounded to values that bf16 represents exactly, so that only the product rounds.</summary>
    private static float[] Values(int count, int seed, ScalarType type)
    {
        var key = RandomKey.FromSeed(seed).Fold("doctor");
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            var value = (float)key.Normal(i);
            values[i] = type == ScalarType.BFloat16 ? BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000) : value;
        }

        return values;
    }
}
