using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Runs prompts (and leads) through the model, equal ones once, and fills the slots of the sequences that begin with them.</summary>
internal sealed class Prefill(Decoder decoder, KeyValueCache cache)
{
    private readonly List<(GivenRows Given, List<LiveSequence> Sequences)> _groups = [];
    private readonly Dictionary<string, int> _known = [];

    /// <summary>Gets the number of rows to run.</summary>
    public int Rows { get; private set; }

    public void Add(LiveSequence sequence)
    {
        var given = sequence.Trace.Given;
        var key = $"{sequence.Trace.PromptLength}:{string.Join(',', given.Rows.Ids.ToArray())}";
        if (!_known.TryGetValue(key, out var group))
        {
            _known[key] = group = _groups.Count;
            _groups.Add((given, []));
            Rows += given.Rows.Length;
        }

        _groups[group].Sequences.Add(sequence);
    }

    public void Run()
    {
        var pack = new TracePack([.. _groups.Select(g => g.Given.Rows)]);
        using var batch = new PackedBatch(pack, decoder.Device);
        List<int> sources = [], slots = [], rows = [];
        for (var g = 0; g < _groups.Count; g++)
        {
            var given = _groups[g].Given;
            cache.Reserve(given.Length);
            foreach (var sequence in _groups[g].Sequences)
            {
                for (var row = 0; row < given.Length; row++)
                {
                    sources.Add(pack.Row(g, given.Sources[row]));
                    slots.Add(sequence.Slot);
                    rows.Add(row);
                }
            }
        }

        var copies = Tensor.From(sources.ToArray(), sources.Count).To(decoder.Device);
        var attention = new PrefillAttention(new PackedAttention(batch), cache, copies, Tensor.From(slots.ToArray(), slots.Count), Tensor.From(rows.ToArray(), rows.Count));
        var hidden = decoder.Hidden(batch.Ids, batch.Positions.Span, attention);
        for (var g = 0; g < _groups.Count; g++)
            Begin(_groups[g].Sequences, hidden, pack.Row(g, 0));
    }

    private void Begin(List<LiveSequence> sequences, Tensor hidden, int start)
    {
        using var scope = new TensorScope();
        var (first, end) = (sequences[0].Trace.PromptLength - 1, sequences[0].Trace.Given.Rows.Length);
        var logits = decoder.Logits(hidden.Slice(0, start + first, start + end)).To(ScalarType.Float32).To(Device.Cpu).Contiguous();
        var width = decoder.Config.VocabSize;
        foreach (var sequence in sequences)
            sequence.Begin(row => logits.Span<float>().Slice((row - first) * width, width));
        GC.KeepAlive(logits);
    }
}
