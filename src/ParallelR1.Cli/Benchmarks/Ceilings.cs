using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Benchmarks;

/// <summary>What the machine allows, measured with the threads that decode.</summary>
internal static class Ceilings
{
    private const long ReadBytes = 512L << 20;

    /// <summary>Bytes per second of reading memory: the best of a few sums over more than caches hold (of most processors).</summary>
    public static double ReadRate()
    {
        using var mode = GradMode.Off();
        using var scope = new TensorScope();
        var memory = Tensor.Full([ReadBytes / sizeof(float)], 1.0);
        return ReadBytes / Enumerable.Range(0, 4).Min(_ => Stretch.Time(() => memory.Sum()));
    }

    /// <summary>Bytes of weights and of the cache of one sequence of so many tokens: what a step at one sequence reads at least.</summary>
    public static double BytesOfStep(Decoder decoder, int tokens)
    {
        var c = decoder.Config;
        var size = decoder.DType == ScalarType.BFloat16 ? 2.0 : 4;
        var weights = c.Tensors().Sum(t => t.Value.Aggregate(1.0, (a, b) => a * b)) - (c.TieWordEmbeddings ? 0 : (double)c.VocabSize * c.HiddenSize);
        return size * (weights + 2.0 * c.Layers * c.KeyValueHeads * c.HeadDim * tokens);
    }

    /// <summary>Steps per second of so many rows if they were libtorch's matrix products of the decoder's shapes alone.</summary>
    public static double ProductSteps(Decoder decoder, int rows)
    {
        using var mode = GradMode.Off();
        using var scope = new TensorScope();
        var c = decoder.Config;
        long queries = (long)c.Heads * c.HeadDim, keys = (long)c.KeyValueHeads * c.HeadDim;
        (long Out, long In, int Times)[] shapes =
        [
            (queries + 2 * keys, c.HiddenSize, c.Layers), (c.HiddenSize, queries, c.Layers), (2L * c.IntermediateSize, c.HiddenSize, c.Layers),
            (c.HiddenSize, c.IntermediateSize, c.Layers), (c.VocabSize, c.HiddenSize, 1),
        ];
        var seconds = 0.0;
        foreach (var (outputs, inputs, times) in shapes)
        {
            using var inner = new TensorScope();
            var (x, weight) = (Tensor.Full([rows, inputs], 0.5).To(decoder.DType), Tensor.Full([outputs, inputs], 0.5).To(decoder.DType));
            seconds += times * Enumerable.Range(0, 5).Min(_ => Stretch.Time(() => x.Linear(weight)));
        }

        return 1 / seconds;
    }
}
