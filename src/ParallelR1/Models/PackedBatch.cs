using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>A pack of traces as input of the decoder's operators: a flat sequence of rows, and tables of what each row sees.</summary>
public sealed class PackedBatch : IDisposable
{
    /// <summary>Copies a pack to a device.</summary>
    /// <param name="pack">The traces.</param>
    /// <param name="device">The device of the token ids.</param>
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

    /// <summary>Gets the runs of rows that share the same earlier columns [runs, 4]: start, end, and the start and end of their columns in <see cref="Ranges"/>.</summary>
    public Tensor Runs { get; }

    /// <summary>Gets the ranges of earlier columns that runs see [ranges, 2]: start, end. Within its run, a row sees every row up to itself.</summary>
    public Tensor Ranges { get; }

    /// <summary>Gets the first run of each group of rows that see no rows of other groups, then the number of runs [groups + 1].</summary>
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
