using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Attention of one decoding step: the step's keys and values go into the cache, then its queries see their row ranges.</summary>
internal sealed class CachedAttention(KeyValueCache cache, Tensor slots, Tensor rows, Tensor ranges, Tensor firstRanges) : IAttention
{
    public Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, double scale)
    {
        cache.Store(layer, k, v, slots, rows);
        return cache.Attend(layer, q, slots, ranges, firstRanges, scale);
    }
}
