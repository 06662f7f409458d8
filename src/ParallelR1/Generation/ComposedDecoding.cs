using ParallelR1.Models;

namespace ParallelR1.Generation;

/// <summary>Decoding composed from libtorch's operators, on any device: a slot of the cache for each sequence.</summary>
internal sealed class ComposedDecoding(Decoder decoder, int slots, int capacity) : IDecoding
{
    private readonly KeyValueCache _cache = new(decoder.Config, slots, capacity, decoder.DType, decoder.Device);
    private readonly Stack<int> _free = new(Enumerable.Range(0, slots).Reverse());

    public int Free => _free.Count;

    public void Admit(IReadOnlyList<LiveSequence> sequences)
    {
        var prefill = new Prefill(decoder, _cache);
        foreach (var sequence in sequences)
        {
            sequence.Slot = _free.Pop();
            prefill.Add(sequence);
        }

        prefill.Run();
    }

    public void Step(IReadOnlyList<LiveSequence> live)
    {
        var step = new DecodeStep(decoder, _cache);
        foreach (var sequence in live)
            step.Add(sequence);
        step.Run();
    }

    public void Release(LiveSequence sequence) => _free.Push(sequence.Slot);

    public void Dispose() => _cache.Dispose();
}
