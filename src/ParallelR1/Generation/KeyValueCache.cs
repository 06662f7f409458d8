using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>
/// Keys and values of the sequences being decoded: one append-only row (slot) a sequence, every entry with the number of its path.
/// A query sees the entries with number 0 and those of its own path. Joining a block changes the numbers; nothing is copied.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private const int Granule = 64; // capacities are multiples of this
    private static readonly Operator s_append = new("parallelr1::cache_append");
    private static readonly Operator s_attend = new("parallelr1::cache_attention");

    private readonly int[] _lengths;
    private readonly Tensor[] _keys; // of each layer [slots, key/value heads, head size, capacity]
    private readonly Tensor[] _values; // of each layer [slots, key/value heads, capacity, head size]
    private Tensor _lanes; // [slots, capacity]
    private int _capacity;

    public KeyValueCache(ModelConfig config, int slots, int capacity, ScalarType type, Device device)
    {
        _capacity = RoundUp(capacity);
        _lengths = new int[slots];
        var rows = Enumerable.Range(0, config.Layers).ToArray();
        _keys = Array.ConvertAll(rows, _ => Tensor.Zeros([slots, config.KeyValueHeads, config.HeadDim, _capacity], type, device).Own());
        _values = Array.ConvertAll(rows, _ => Tensor.Zeros([slots, config.KeyValueHeads, _capacity, config.HeadDim], type, device).Own());
        _lanes = Tensor.Zeros([slots, _capacity], ScalarType.Int32).Own();
    }

    /// <summary>Entries of a slot.</summary>
    public int Length(int slot) => _lengths[slot];

    /// <summary>Adds an entry to a slot and returns its place.</summary>
    public int Add(int slot, int lane)
    {
        var place = _lengths[slot]++;
        if (place >= _capacity)
            Grow(place + 1);
        Lanes(slot)[place] = lane;
        return place;
    }

    /// <summary>Forgets the entries of a slot from a place on.</summary>
    public void Cut(int slot, int length) => _lengths[slot] = length;

    /// <summary>Renumbers the entries of a slot (the join of a block).</summary>
    public void SetLanes(int slot, ReadOnlySpan<int> lanes) => lanes[.._lengths[slot]].CopyTo(Lanes(slot));

    /// <summary>Writes keys and values [n, key/value heads, head size] of one layer at (slot, place).</summary>
    public void Store(int layer, Tensor k, Tensor v, Tensor slots, Tensor places) =>
        s_append.CallMany(k, v, _keys[layer], _values[layer], slots, places);

    /// <summary>Attention of queries over their slots.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="q">[n, heads, head size]</param>
    /// <param name="slots">Slot of each query.</param>
    /// <param name="lanes">Path number of each query.</param>
    /// <param name="limits">Each query sees the entries before this place.</param>
    /// <param name="scale">Factor on the dot products.</param>
    public Tensor Attend(int layer, Tensor q, Tensor slots, Tensor lanes, Tensor limits, double scale) =>
        s_attend.Call(q, _keys[layer], _values[layer], _lanes, slots, lanes, limits, scale);

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
            tensor.Dispose();
        _lanes.Dispose();
    }

    private static int RoundUp(int n) => (n + Granule - 1) / Granule * Granule;

    private Span<int> Lanes(int slot) => _lanes.Span<int>().Slice(slot * _capacity, _capacity);

    private void Grow(int needed)
    {
        var capacity = RoundUp(Math.Max(needed, _capacity + _capacity / 2));
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            _keys[layer] = Wider(_keys[layer], 3, capacity);
            _values[layer] = Wider(_values[layer], 2, capacity);
        }

        _lanes = Wider(_lanes, 1, capacity);
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
