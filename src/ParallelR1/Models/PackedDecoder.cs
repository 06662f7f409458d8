using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>
/// A decoder's weights, packed for decoding on the CPU, and the operator that runs a whole step with them. The packed weights are a copy:
/// call <see cref="Repack"/> after the decoder's weights have changed.
/// </summary>
internal sealed class PackedDecoder : IDisposable
{
    private static readonly Operator s_pack = new("parallelr1::decoder_pack");
    private static readonly Operator s_step = new("parallelr1::decoder_step");
    private static readonly Operator s_copy = new("parallelr1::page_copy");

    private readonly Decoder _decoder;
    private readonly long[] _shape;
    private Tensor? _packed;
    private Tensor? _cosine;
    private Tensor? _sine;

    /// <summary>Initializes the copy.</summary>
    /// <param name="decoder">The decoder; it must be <see cref="Supports">supported</see>.</param>
    public PackedDecoder(Decoder decoder)
    {
        _decoder = decoder;
        var c = decoder.Config;
        _shape =
        [
            c.Layers, c.HiddenSize, c.IntermediateSize, c.Heads, c.KeyValueHeads, c.HeadDim, c.VocabSize,
            c.QueryKeyNorm ? 1 : 0, c.QueryKeyValueBias ? 1 : 0, c.OutputBias ? 1 : 0, c.FeedForwardBias ? 1 : 0,
        ];
        Repack();
    }

    /// <summary>Gets whether AMX may be used if the processor has it; true by default.</summary>
    public bool UseAmx { get; init; } = true;

    /// <summary>Gets whether a decoder can be packed: f32 or bf16, on the CPU.</summary>
    public static bool Supports(Decoder decoder) => decoder.Device == Device.Cpu && decoder.DType is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>Copies and packs the decoder's current weights.</summary>
    public void Repack()
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        var packed = s_pack.Call(Weights(), _shape).Own();
        _packed?.Dispose();
        _packed = packed;
    }

    /// <summary>Creates a pool with the given number of pages of keys and values.</summary>
    public Tensor Pool(int pages, int pageSize)
    {
        var c = _decoder.Config;
        long[] shape = [pages, c.Layers, 2, c.KeyValueHeads, (long)pageSize * c.HeadDim];
        return Tensor.Empty(shape, _decoder.DType).Own();
    }

    /// <summary>Runs a decode step; its keys and values are stored in the pool.</summary>
    /// <returns>Logits in f32 [rows whose logits are needed, vocabulary].</returns>
    public Tensor Step(StepTable table, Tensor pool)
    {
        ObjectDisposedException.ThrowIf(_packed is null, this);
        Rotate(table.LastPosition);
        return s_step.Call(
            _packed, _decoder.Weights.Embedding, _shape, _decoder.Config.RmsNormEps, _cosine!, _sine!, pool,
            Column(table.Tokens), Column(table.Positions), Column(table.Rows), Column(table.FirstRanges),
            Tensor.From(table.Ranges, table.Ranges.Length / 2, 2), Column(table.Wanted), UseAmx);
    }

    /// <summary>Copies entries of the pool; source and target must each lie on one page.</summary>
    public static void Copy(Tensor pool, int headDim, int from, int to, int count = 1) => s_copy.CallMany(pool, headDim, from, to, count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _packed?.Dispose();
        _cosine?.Dispose();
        _sine?.Dispose();
        (_packed, _cosine, _sine) = (null, null, null);
    }

    private static Tensor Column(ReadOnlySpan<int> values) => Tensor.From(values, values.Length);

    /// <summary>Makes sure that the tables contain the angles of a position.</summary>
    private void Rotate(int position)
    {
        if (_cosine is not null && position < _cosine.Shape[0])
            return;
        var (cosine, sine) = _decoder.RotaryAngles(position);
        _cosine?.Dispose();
        _sine?.Dispose();
        var half = _decoder.Config.HeadDim / 2;
        _cosine = Tensor.From(cosine, cosine.Length / half, half).Own();
        _sine = Tensor.From(sine, sine.Length / half, half).Own();
    }

    /// <summary>Gets the weights in the order that the operator expects.</summary>
    private Tensor[] Weights()
    {
        var weights = new List<Tensor>();
        foreach (var layer in _decoder.Weights.Layers)
        {
            Add(layer.InputNorm);
            AddAll(layer.Query, layer.Key, layer.Value);
            Add(layer.QueryNorm);
            Add(layer.KeyNorm);
            AddAll(layer.Output);
            Add(layer.PostAttentionNorm);
            AddAll(layer.Gate, layer.Up, layer.Down);
        }

        Add(_decoder.Weights.FinalNorm);
        Add(_decoder.Weights.Head);
        return [.. weights];

        void AddAll(params ReadOnlySpan<Projection> projections)
        {
            foreach (var projection in projections)
                Add(projection.Weight);
            foreach (var projection in projections)
                Add(projection.Bias);
        }

        void Add(Tensor? weight)
        {
            if (weight is not null)
                weights.Add(weight);
        }
    }
}
