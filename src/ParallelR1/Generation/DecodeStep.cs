using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>One step of all live sequences: their pending tokens go through the model together, the logits go back to them.</summary>
internal sealed class DecodeStep(Decoder decoder, KeyValueCache cache)
{
    private readonly List<(LiveSequence Sequence, PendingToken Token)> _tokens = [];

    public void Add(LiveSequence sequence)
    {
        foreach (var token in sequence.TakePending())
        {
            _tokens.Add((sequence, token));
            cache.Reserve(token.Row.Row + 1);
        }
    }

    public void Run()
    {
        var count = _tokens.Count;
        if (count == 0)
            return;
        var hidden = decoder.Hidden(
            Column(t => t.Token.Row.Id).To(ScalarType.Int64).To(decoder.Device),
            _tokens.ConvertAll(t => t.Token.Row.Position).ToArray(),
            Attention());
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

    private CachedAttention Attention()
    {
        var seen = new List<TokenRange>();
        var first = new int[_tokens.Count + 1];
        for (var i = 0; i < _tokens.Count; i++)
        {
            _tokens[i].Token.Row.CopySeen(seen);
            first[i + 1] = seen.Count;
        }

        var ranges = seen.SelectMany(range => new[] { range.Start, range.End }).ToArray();
        return new CachedAttention(
            cache, Column(t => t.Sequence.Slot), Column(t => t.Token.Row.Row), Tensor.From(ranges, seen.Count, 2), Tensor.From(first, first.Length));
    }

    private Tensor Column(Func<(LiveSequence Sequence, PendingToken Token), int> value) =>
        Tensor.From(_tokens.ConvertAll(t => value(t)).ToArray(), _tokens.Count);
}
