using System.Collections.Immutable;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Runs prompts (and leads) through the model, equal ones once, and fills the slots of the sequences that begin with them.</summary>
internal sealed class Prefill(Decoder decoder, KeyValueCache cache, TagIds? tags, Visibility visibility)
{
    private readonly List<(PackedTrace Trace, List<LiveSequence> Sequences)> _groups = [];
    private readonly Dictionary<string, int> _known = [];

    /// <summary>Tokens to run.</summary>
    public int Tokens { get; private set; }

    public void Add(LiveSequence sequence)
    {
        var ids = sequence.Trace.RowIds.ToArray();
        var key = $"{sequence.Trace.PromptLength}:{string.Join(',', ids)}";
        if (!_known.TryGetValue(key, out var group))
        {
            _known[key] = group = _groups.Count;
            _groups.Add((TraceOf(ids, sequence.Trace), []));
            Tokens += ids.Length;
        }

        _groups[group].Sequences.Add(sequence);
    }

    public void Run()
    {
        using var batch = new PackedBatch([.. _groups.Select(g => g.Trace)], decoder.Device);
        List<int> rows = [], slots = [], places = [];
        for (var g = 0; g < _groups.Count; g++)
        {
            foreach (var sequence in _groups[g].Sequences)
            {
                for (var row = 0; row < _groups[g].Trace.Length; row++)
                {
                    rows.Add(batch.Starts[g] + row);
                    slots.Add(sequence.Slot);
                    places.Add(cache.Add(sequence.Slot, sequence.Trace.RowLanes[row]));
                }
            }
        }

        var copies = Tensor.From(rows.ToArray(), rows.Count).To(decoder.Device);
        var attention = new PrefillAttention(new PackedAttention(batch), cache, copies, Tensor.From(slots.ToArray(), slots.Count), Tensor.From(places.ToArray(), places.Count));
        var hidden = decoder.Hidden(batch.Ids, batch.Positions.Span, attention);
        for (var g = 0; g < _groups.Count; g++)
            Begin(_groups[g].Sequences, hidden, batch.Starts[g]);
    }

    private void Begin(List<LiveSequence> sequences, Tensor hidden, int start)
    {
        using var scope = new TensorScope();
        var (first, end) = (sequences[0].Trace.PromptLength - 1, sequences[0].Trace.Length);
        var logits = decoder.Logits(hidden.Slice(0, start + first, start + end)).To(ScalarType.Float32).To(Device.Cpu).Contiguous();
        var width = decoder.Config.VocabSize;
        foreach (var sequence in sequences)
            sequence.Begin(row => logits.Span<float>().Slice((row - first) * width, width));
        GC.KeepAlive(logits);
    }

    /// <summary>Unseen: by the layout. Seen: plain, except that the paths of blocks left open see what stands before them and themselves.</summary>
    private PackedTrace TraceOf(int[] ids, TraceBuilder trace)
    {
        if (visibility == Visibility.Unseen)
            return PackedTrace.Of(ids, trace.PromptLength, tags, Visibility.Unseen);
        var lanes = trace.RowLanes;
        if (lanes.IndexOfAnyExcept(0) < 0)
            return PackedTrace.Of(ids, TraceLayout.Causal(ids.Length, trace.PromptLength));
        var positions = new int[ids.Length];
        var runs = new List<VisibleRun>();
        var shared = ImmutableArray<TokenRange>.Empty;
        var before = 0;
        for (int start = 0, end; start < ids.Length; start = end)
        {
            end = start + 1;
            while (end < ids.Length && lanes[end] == lanes[start])
                end++;
            runs.Add(new VisibleRun(start, end, shared));
            for (var i = start; i < end; i++)
                positions[i] = before + i - start;
            if (lanes[start] != 0)
                continue;
            shared = shared.Add(new TokenRange(start, end));
            before += end - start;
        }

        return new PackedTrace(ids, positions, runs);
    }
}
