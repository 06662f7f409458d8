using ParallelR1.Torch;

namespace ParallelR1.Training.Policy;

/// <summary>Which row each of the flat loss tokens [tokens] belongs to.</summary>
public sealed class TokenRows : IDisposable
{
    private static readonly Operator s_indexAdd = new("aten::index_add");

    private readonly Tensor _rowOf;
    private readonly Tensor _counts;

    /// <param name="lossTokensPerRow">Number of loss tokens of each row; rows may be empty.</param>
    /// <param name="device">Where the tokens are.</param>
    public TokenRows(IReadOnlyList<int> lossTokensPerRow, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(lossTokensPerRow);
        using var scope = new TensorScope();
        Count = lossTokensPerRow.Count;
        long[] rowOf = [.. lossTokensPerRow.SelectMany((count, row) => Enumerable.Repeat((long)row, count))];
        _rowOf = Tensor.From(rowOf, rowOf.Length).To(device ?? Device.Cpu).Own();
        double[] counts = [.. lossTokensPerRow.Select(count => Math.Max(1.0, count))];
        _counts = Tensor.From(counts, counts.Length).To(device ?? Device.Cpu).Own();
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Sums over rows: [tokens] → [rows].</summary>
    public Tensor Sum(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return s_indexAdd.Call(Tensor.Zeros([Count], values.DType, values.Device), 0, _rowOf, values);
    }

    /// <summary>Means over rows, sum / (count + epsilon): [tokens] → [rows]; 0 for an empty row.</summary>
    public Tensor Mean(Tensor values, double epsilon = 0) => Sum(values) / (_counts + epsilon).To(values.DType);

    /// <summary>Each token gets its row's value: [rows] → [tokens].</summary>
    public Tensor Expand(Tensor perRow)
    {
        ArgumentNullException.ThrowIfNull(perRow);
        return perRow.IndexSelect(0, _rowOf);
    }

    /// <summary>Frees the indices.</summary>
    public void Dispose()
    {
        _rowOf.Dispose();
        _counts.Dispose();
    }
}
