using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Steps on the CPU, each one operator: weights and pages in the form that our kernels read.</summary>
/// <param name="decoder">The model; <see cref="PackedDecoder.Supports"/> it.</param>
internal sealed class FusedBackend(Decoder decoder) : IDisposable
{
    private readonly PackedDecoder _packed = new(decoder);
    private Tensor? _pool;

    /// <summary>Gets the bytes of keys and values of one entry, over all layers.</summary>
    public long EntryBytes =>
        2L * decoder.Config.Layers * decoder.Config.KeyValueHeads * decoder.Config.HeadDim * (decoder.DType == ScalarType.BFloat16 ? 2 : 4);

    /// <summary>Makes the pool hold so many pages of <see cref="TraceBuilder.PageSize"/> entries; what is in it stays. None: frees its memory.</summary>
    public void Resize(int pages)
    {
        using var scope = new TensorScope();
        var old = _pool;
        _pool = pages == 0 ? null : _packed.Pool(pages, TraceBuilder.PageSize);
        if (old is not null && _pool is not null)
        {
            var kept = Math.Min(pages, old.Shape[0]);
            _pool.Slice(0, 0, kept).CopyFrom(old.Slice(0, 0, kept));
        }

        old?.Dispose();
    }

    /// <summary>Copies entries of the pool; both stretches lie on one page each.</summary>
    /// <param name="from">The first entry to read.</param>
    /// <param name="to">The first entry to write.</param>
    /// <param name="count">Number of entries.</param>
    public void Copy(int from, int to, int count) => PackedDecoder.Copy(Pool, decoder.Config.HeadDim, from, to, count);

    /// <summary>Runs a step: keys and values of its rows go into the pool, and each row sees what the table says.</summary>
    /// <returns>Logits in f32 [wanted rows, vocabulary].</returns>
    public Tensor Step(StepTable table) => _packed.Step(table, Pool);

    /// <summary>Called when the model's weights have changed.</summary>
    public void WeightsChanged() => _packed.Repack();

    /// <inheritdoc/>
    public void Dispose()
    {
        _packed.Dispose();
        _pool?.Dispose();
    }

    private Tensor Pool => _pool ?? throw new InvalidOperationException("The pool has no pages; Resize gives it some.");
}
