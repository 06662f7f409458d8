using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>Computes attention for the decoder. Implementations define visibility and caching.</summary>
internal interface IAttention
{
    /// <summary>Computes the attention of one layer.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="q">Queries after rotation [tokens, heads, head size].</param>
    /// <param name="k">Keys after rotation [tokens, key/value heads, head size].</param>
    /// <param name="v">Values [tokens, key/value heads, head size].</param>
    /// <param name="scale">Factor on the dot products.</param>
    /// <returns>The attention outputs [tokens, heads, head size].</returns>
    Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, double scale);
}

/// <summary>Computes attention within the traces of a pack, by their visibility.</summary>
/// <param name="batch">The pack.</param>
/// <param name="exact">Whether entries are summed in the order of a decode step, so that results are bitwise equal to its.</param>
internal sealed class PackedAttention(PackedBatch batch, bool exact = false) : IAttention
{
    private static readonly Operator s_attention = new("parallelr1::path_attention");

    public Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, double scale) =>
        s_attention.Call(q, k, v, batch.Runs, batch.Ranges, batch.Traces, scale, exact);
}
