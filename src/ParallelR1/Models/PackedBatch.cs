using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>
/// Sequences one after another without padding: a flat row of tokens, and tables of what each sees. What a sequence computes
/// does not depend on its neighbours in the pack.
/// </summary>
public sealed class PackedBatch : IDisposable
{
    /// <summary>Packs sequences in order.</summary>
    /// <exception cref="ArgumentException">There is none, or one is empty.</exception>
    public PackedBatch(IReadOnlyList<PackedTrace> traces, Device device)
    {
        ArgumentNullException.ThrowIfNull(traces);
        if (traces.Count == 0 || traces.Any(trace => trace.Length == 0))
            throw new ArgumentException("A pack holds at least one sequence, each of at least one token.", nameof(traces));
        Length = traces.Sum(trace => trace.Length);
        var ids = new long[Length];
        var positions = new int[Length];
        var starts = new int[traces.Count + 1];
        List<int> runs = [], ranges = [], firstRuns = [0];
        for (var t = 0; t < traces.Count; t++)
        {
            var (trace, start) = (traces[t], starts[t]);
            for (var i = 0; i < trace.Length; i++)
                ids[start + i] = trace.Ids.Span[i];
            trace.Positions.Span.CopyTo(positions.AsSpan(start));
            foreach (var run in trace.Runs)
            {
                runs.AddRange([start + run.Start, start + run.End, ranges.Count / 2, ranges.Count / 2 + run.Columns.Length]);
                foreach (var range in run.Columns)
                    ranges.AddRange([start + range.Start, start + range.End]);
            }

            firstRuns.Add(runs.Count / 4);
            starts[t + 1] = start + trace.Length;
        }

        Starts = starts;
        Positions = positions;
        Device = device;
        using var scope = new TensorScope();
        Ids = Tensor.From(ids, Length).To(device).Own();
        Runs = Tensor.From(runs.ToArray(), runs.Count / 4, 4).Own();
        Ranges = Tensor.From(ranges.ToArray(), ranges.Count / 2, 2).Own();
        Traces = Tensor.From(firstRuns.ToArray(), firstRuns.Count).Own();
    }

    /// <summary>Number of tokens of all sequences.</summary>
    public int Length { get; }

    /// <summary>Where each sequence starts; the last entry is <see cref="Length"/>.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>Position ids [tokens].</summary>
    public ReadOnlyMemory<int> Positions { get; }

    internal Device Device { get; }

    internal Tensor Ids { get; }

    /// <summary>Rows that see the same [runs, 4]: start, end, and where their columns begin and end in <see cref="Ranges"/>.</summary>
    public Tensor Runs { get; }

    /// <summary>Earlier columns that a run sees [ranges, 2]: start, end. Of itself a run sees every token up to its own.</summary>
    public Tensor Ranges { get; }

    /// <summary>The first run of each sequence, then the number of runs [sequences + 1].</summary>
    public Tensor Traces { get; }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        Ids.Dispose();
        Runs.Dispose();
        Ranges.Dispose();
        Traces.Dispose();
    }
}
