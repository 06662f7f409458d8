using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Steps composed from libtorch's operators, on any device and in any type.</summary>
internal sealed class ComposedBackend(Decoder decoder) : IStepBackend
{
    private static readonly Operator s_append = new("parallelr1::cache_append");
    private static readonly Operator s_attend = new("parallelr1::cache_attention");
    private static readonly Operator s_copy = new("parallelr1::cache_copy");
    private readonly Tensor?[] _keys = new Tensor?[decoder.Config.Layers]; // of each layer [pages, key/value heads, head size, page]
    private readonly Tensor?[] _values = new Tensor?[decoder.Config.Layers]; // of each layer [pages, key/value heads, page, head size]

    public long EntryBytes =>
        2L * decoder.Config.Layers * decoder.Config.KeyValueHeads * decoder.Config.HeadDim
        * (decoder.DType switch { ScalarType.Float64 => 8, ScalarType.Float32 => 4, _ => 2 });

    public void Resize(int pages)
    {
        using var scope = new TensorScope();
        var (heads, depth) = (decoder.Config.KeyValueHeads, decoder.Config.HeadDim);
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            Resize(ref _keys[layer], pages, heads, depth, PagePool.PageSize);
            Resize(ref _values[layer], pages, heads, PagePool.PageSize, depth);
        }
    }

    public void Copy(int from, int to, int count)
    {
        using var scope = new TensorScope();
        var (source, target) = (Tensor.From([.. Enumerable.Range(from, count)], count), Tensor.From([.. Enumerable.Range(to, count)], count));
        for (var layer = 0; layer < _keys.Length; layer++)
            s_copy.CallMany(_keys[layer]!, _values[layer]!, source, target);
    }

    public Tensor Step(StepTable table)
    {
        using var scope = new TensorScope();
        var attention = new PagedAttention(this, Column(table.Rows), Tensor.From(table.Ranges, table.Ranges.Length / 2, 2), Column(table.FirstRanges));
        var hidden = decoder.Hidden(Column(table.Tokens).To(ScalarType.Int64).To(decoder.Device), table.Positions, attention);
        return decoder.Logits(hidden.IndexSelect(0, Column(table.Wanted).To(decoder.Device))).To(ScalarType.Float32).Contiguous().Keep();
    }

    public void WeightsChanged()
    {
        // Every step reads the decoder's own weights.
    }

    public void Dispose() => Resize(0);

    private static Tensor Column(ReadOnlySpan<int> values) => Tensor.From(values, values.Length);

    private void Resize(ref Tensor? pool, int pages, params long[] shape)
    {
        var old = pool;
        pool = pages == 0 ? null : Tensor.Zeros([pages, .. shape], decoder.DType, decoder.Device).Own();
        if (old is not null && pool is not null)
            pool.Slice(0, 0, Math.Min(pages, old.Shape[0])).CopyFrom(old.Slice(0, 0, Math.Min(pages, old.Shape[0])));
        old?.Dispose();
    }

    /// <summary>Attention of one step: the step's keys and values go into the pool, then its queries see their entries.</summary>
    private sealed class PagedAttention(ComposedBackend owner, Tensor rows, Tensor seen, Tensor first) : IAttention
    {
        public Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, double scale)
        {
            s_append.CallMany(k, v, owner._keys[layer]!, owner._values[layer]!, rows);
            return s_attend.Call(q, owner._keys[layer]!, owner._values[layer]!, seen, first, scale);
        }
    }
}
