using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Attention within the prompts of a pack; their keys and values go into every slot that begins with the prompt.</summary>
/// <param name="packed">Attention within the pack.</param>
/// <param name="cache">Where keys and values go.</param>
/// <param name="sources">For each copy the row of the pack.</param>
/// <param name="slots">For each copy its slot.</param>
/// <param name="rows">For each copy its row in the slot.</param>
internal sealed class PrefillAttention(PackedAttention packed, KeyValueCache cache, Tensor sources, Tensor slots, Tensor rows) : IAttention
{
    public Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, double scale)
    {
        cache.Store(layer, k.IndexSelect(0, sources), v.IndexSelect(0, sources), slots, rows);
        return packed.Attend(layer, q, k, v, scale);
    }
}
