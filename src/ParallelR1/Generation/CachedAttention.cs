using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Attention of one decoding step: the step's keys and values go into the cache, then its queries see their slots.</summary>
internal sealed class CachedAttention(KeyValueCache cache, Tensor slots, Tensor places, Tensor lanes, Tensor limits) : IAttention
{
    public Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, double scale)
    {
        cache.Store(layer, k, v, slots, places);
        return cache.Attend(layer, q, slots, lanes, limits, scale);
    }
}
