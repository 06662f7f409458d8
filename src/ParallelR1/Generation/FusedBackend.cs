using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Steps on the CPU, each one operator: weights and pages in the form that our kernels read.</summary>
/// <param name="decoder">The model; <see cref="PackedDecoder.Supports"/> it.</param>
internal sealed class FusedBackend(Decoder decoder) : IStepBackend
{
    private PackedDecoder? _packed;
    private Tensor? _pool;

    public long EntryBytes =>
        2L * decoder.Config.Layers * decoder.Config.KeyValueHeads * decoder.Config.HeadDim * (decoder.DType == ScalarType.BFloat16 ? 2 : 4);

    public void Resize(int pages)
    {
        using var scope = new TensorScope();
        var old = _pool;
        _pool = pages == 0 ? null : Packed.Pool(pages, PagePool.PageSize);
        if (old is not null && _pool is not null)
        {
            var kept = Math.Min(pages, old.Shape[0]);
            _pool.Slice(0, 0, kept).CopyFrom(old.Slice(0, 0, kept));
        }

        old?.Dispose();
    }

    public void Copy(int from, int to, int count) => PackedDecoder.Copy(Pool, decoder.Config.HeadDim, from, to, count);

    public Tensor Step(StepTable table) => Packed.Step(table, Pool);

    public void WeightsChanged()
    {
        _packed?.Dispose();
        _packed = null;
    }

    public void Dispose()
    {
        WeightsChanged();
        _pool?.Dispose();
    }

    private PackedDecoder Packed => _packed ??= new PackedDecoder(decoder);

    private Tensor Pool => _pool ?? throw new InvalidOperationException("The pool has no pages; Resize gives it some.");
}
