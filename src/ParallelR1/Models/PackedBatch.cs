using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>A pack of traces as the decoder's operators read it: a flat line of rows, and tables of what each sees.</summary>
public sealed class PackedBatch : IDisposable
{
    /// <summary>Puts a pack on a device.</summary>
    public PackedBatch(TracePack pack, Device device)
    {
        ArgumentNullException.ThrowIfNull(pack);
        List<int> runs = [], ranges = [];
        foreach (var run in pack.Runs)
        {
            runs.AddRange([run.Start, run.End, ranges.Count / 2, ranges.Count / 2 + run.Columns.Length]);
            foreach (var range in run.Columns)
                ranges.AddRange([range.Start, range.End]);
        }

        var (ids, positions) = pack.Rows();
        Positions = positions;
        Device = device;
        using var scope = new TensorScope();
        Ids = Tensor.From(ids, ids.Length).To(ScalarType.Int64).To(device).Own();
        Runs = Tensor.From(runs.ToArray(), runs.Count / 4, 4).Own();
        Ranges = Tensor.From(ranges.ToArray(), ranges.Count / 2, 2).Own();
        Traces = Tensor.From(pack.FirstRuns.ToArray(), pack.FirstRuns.Count).Own();
    }

    /// <summary>Gets the number of rows.</summary>
    public int Length => Positions.Length;

    /// <summary>Gets the position ids [rows].</summary>
    public ReadOnlyMemory<int> Positions { get; }

    internal Device Device { get; }

    internal Tensor Ids { get; }

    /// <summary>Rows that see the same [runs, 4]: start, end, and where their columns begin and end in <see cref="Ranges"/>.</summary>
    public Tensor Runs { get; }

    /// <summary>Earlier columns that a run sees [ranges, 2]: start, end. Of itself a run sees every token up to its own.</summary>
    public Tensor Ranges { get; }

    /// <summary>Gets the first run of each group of rows that see nothing of other groups, then the number of runs [groups + 1].</summary>
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
