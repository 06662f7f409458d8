using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>
/// What runs the steps of an engine: the model, and a pool of pages of keys and values in a form of its own. Called from one thread. Weights
/// are first looked at by the first step: until then they may be restored from a checkpoint.
/// </summary>
internal interface IStepBackend : IDisposable
{
    /// <summary>Gets the bytes of keys and values of one entry, over all layers.</summary>
    long EntryBytes { get; }

    /// <summary>Makes the pool hold so many pages of <see cref="PagePool.PageSize"/> entries; what is in it stays. None: frees its memory.</summary>
    void Resize(int pages);

    /// <summary>Copies entries of the pool; both stretches lie on one page each.</summary>
    /// <param name="from">The first entry to read.</param>
    /// <param name="to">The first entry to write.</param>
    /// <param name="count">Number of entries.</param>
    void Copy(int from, int to, int count);

    /// <summary>Runs a step: keys and values of its rows go into the pool, and each row sees what the table says.</summary>
    /// <returns>Logits in f32 [wanted rows, vocabulary], on the model's device.</returns>
    Tensor Step(StepTable table);

    /// <summary>Called when the model's weights have changed: what was made of them is made again by the next step.</summary>
    void WeightsChanged();
}
