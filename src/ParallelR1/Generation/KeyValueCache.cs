using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>
/// Keys and values of the sequences being decoded, a slot for each sequence; an entry lies at the row that the sequence's trace gives it.
/// A query reads the ranges of rows that it sees, and nothing else.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private const int Granule = 64; // capacities are multiples of this
    private static readonly Operator s_append = new("parallelr1::cache_append");
    private static readonly Operator s_attend = new("parallelr1::cache_attention");

    private readonly Tensor[] _keys; // of each layer [slots, key/value heads, head size, capacity]
    private readonly Tensor[] _values; // of each layer [slots, key/value heads, capacity, head size]
    private int _capacity;

    public KeyValueCache(ModelConfig config, int slots, int capacity, ScalarType type, Device device)
    {
        _capacity = RoundUp(capacity);
        var rows = Enumerable.Range(0, config.Layers).ToArray();
        _keys = Array.ConvertAll(rows, _ => Tensor.Zeros([slots, config.KeyValueHeads, config.HeadDim, _capacity], type, device).Own());
        _values = Array.ConvertAll(rows, _ => Tensor.Zeros([slots, config.KeyValueHeads, _capacity, config.HeadDim], type, device).Own());
    }

    /// <summary>Makes room for so many rows in every slot.</summary>
    public void Reserve(int rows)
    {
        if (rows > _capacity)
            Grow(rows);
    }

    /// <summary>Writes keys and values [n, key/value heads, head size] of one layer at (slot, row).</summary>
    public void Store(int layer, Tensor k, Tensor v, Tensor slots, Tensor rows) =>
        s_append.CallMany(k, v, _keys[layer], _values[layer], slots, rows);

    /// <summary>Attention of queries over their slots.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="q">[n, heads, head size]</param>
    /// <param name="slots">Slot of each query.</param>
    /// <param name="ranges">Row ranges that are seen [ranges, 2]: start, end.</param>
    /// <param name="firstRanges">The first range of each query, then the number of ranges [n + 1].</param>
    /// <param name="scale">Factor on the dot products.</param>
    public Tensor Attend(int layer, Tensor q, Tensor slots, Tensor ranges, Tensor firstRanges, double scale) =>
        s_attend.Call(q, _keys[layer], _values[layer], slots, ranges, firstRanges, scale);

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
            tensor.Dispose();
    }

    private static int RoundUp(int n) => (n + Granule - 1) / Granule * Granule;

    private void Grow(int needed)
    {
        var capacity = RoundUp(Math.Max(needed, _capacity + _capacity / 2));
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            _keys[layer] = Wider(_keys[layer], 3, capacity);
            _values[layer] = Wider(_values[layer], 2, capacity);
        }

        _capacity = capacity;
    }

    private static Tensor Wider(Tensor old, int dimension, int capacity)
    {
        using var scope = new TensorScope();
        var shape = old.Shape;
        var known = shape[dimension];
        shape[dimension] = capacity;
        var wider = Tensor.Zeros(shape, old.DType, old.Device).Own();
        wider.Slice(dimension, 0, known).CopyFrom(old);
        old.Dispose();
        return wider;
    }
}
