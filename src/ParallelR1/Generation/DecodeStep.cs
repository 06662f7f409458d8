using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>One step of all live sequences: their pending tokens go through the model together, the logits go back to them.</summary>
internal sealed class DecodeStep(Decoder decoder, KeyValueCache cache)
{
    private readonly List<(LiveSequence Sequence, PendingToken Token)> _tokens = [];
    private readonly List<int> _places = [];

    public void Add(LiveSequence sequence)
    {
        if (sequence.CutTo >= 0)
            cache.Cut(sequence.Slot, sequence.CutTo);
        if (sequence.LanesChanged)
            cache.SetLanes(sequence.Slot, sequence.Trace.RowLanes);
        foreach (var token in sequence.TakePending())
        {
            _tokens.Add((sequence, token));
            _places.Add(cache.Add(sequence.Slot, token.Lane));
        }
    }

    public void Run()
    {
        var count = _tokens.Count;
        if (count == 0)
            return;
        var hidden = decoder.Hidden(
            Column(t => t.Token.Id).To(ScalarType.Int64).To(decoder.Device),
            _tokens.ConvertAll(t => t.Token.Position).ToArray(),
            new CachedAttention(
                cache,
                Column(t => t.Sequence.Slot),
                Tensor.From(_places.ToArray(), count),
                Column(t => t.Token.Lane),
                Tensor.From(_places.ConvertAll(place => place + 1).ToArray(), count)));
        var heads = Enumerable.Range(0, count).Where(i => _tokens[i].Token.NeedsLogits).ToArray();
        if (heads.Length == 0)
            return;
        var rows = Tensor.From(heads, heads.Length).To(decoder.Device);
        var logits = decoder.Logits(hidden.IndexSelect(0, rows)).To(ScalarType.Float32).To(Device.Cpu).Contiguous();
        var width = decoder.Config.VocabSize;
        for (var i = 0; i < heads.Length; i++)
        {
            var (sequence, token) = _tokens[heads[i]];
            sequence.Receive(token, logits.Span<float>().Slice(i * width, width));
        }

        GC.KeepAlive(logits);
    }

    private Tensor Column(Func<(LiveSequence Sequence, PendingToken Token), int> value) =>
        Tensor.From(_tokens.ConvertAll(t => value(t)).ToArray(), _tokens.Count);
}
