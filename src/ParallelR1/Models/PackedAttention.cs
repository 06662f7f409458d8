using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>Attention within the sequences of a pack, by their visibility.</summary>
internal sealed class PackedAttention(PackedBatch batch) : IAttention
{
    private static readonly Operator s_attention = new("parallelr1::path_attention");

    public Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, double scale) =>
        s_attention.Call(q, k, v, batch.Runs, batch.Ranges, batch.Traces, scale);
}
