using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Attention within the prompts of a pack; their keys and values go into every slot that begins with the prompt.</summary>
/// <param name="packed">Attention within the pack.</param>
/// <param name="cache">Where keys and values go.</param>
/// <param name="rows">For each copy the token of the pack.</param>
/// <param name="slots">For each copy its slot.</param>
/// <param name="places">For each copy its place in the slot.</param>
internal sealed class PrefillAttention(PackedAttention packed, KeyValueCache cache, Tensor rows, Tensor slots, Tensor places) : IAttention
{
    public Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, double scale)
    {
        cache.Store(layer, k.IndexSelect(0, rows), v.IndexSelect(0, rows), slots, places);
        return packed.Attend(layer, q, k, v, scale);
    }
}
