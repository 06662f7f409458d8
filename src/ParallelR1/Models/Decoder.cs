using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>
/// The decoder of Qwen3, Qwen2 and Llama: one class with a config. It serves training and generation alike; what differs is only
/// the attention that is handed in.
/// </summary>
public sealed class Decoder : IDisposable
{
    private readonly Dictionary<string, Tensor> _parameters;
    private readonly DecoderLayer[] _layers;
    private readonly RotaryTable _rotary;

    /// <summary>Takes ownership of the parameters.</summary>
    internal Decoder(ModelConfig config, Dictionary<string, Tensor> parameters)
    {
        Config = config;
        _parameters = parameters;
        Weights = DecoderWeights.Of(config, parameters);
        _layers = [.. Weights.Layers.Select((weights, i) => new DecoderLayer(config, i, weights))];
        _rotary = new RotaryTable(config.Rope);
    }

    /// <summary>What the decoder is made of.</summary>
    public ModelConfig Config { get; }

    /// <summary>Gets all parameters by their checkpoint names, in checkpoint order.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters => _parameters;

    /// <summary>Gets those of <see cref="Parameters"/> that training changes; none until <see cref="SetTrainable"/> says which.</summary>
    public IReadOnlyDictionary<string, Tensor> Trainable { get; private set; } = new Dictionary<string, Tensor>();

    /// <summary>The type of the parameters and of the arithmetic (norms, softmax and losses are at least f32).</summary>
    public ScalarType DType => Weights.Embedding.DType;

    /// <summary>Where the parameters are.</summary>
    public Device Device => Weights.Embedding.Device;

    /// <summary>
    /// Gets or sets whether the forward pass computes products and attention as the engine's decoding step does, in the same order of sums. Then the
    /// log-probabilities of training and scoring equal those of decoding bit for bit; gradients are ordinary ones.
    /// </summary>
    /// <exception cref="UsageException">Set where the engine has no such step: another type than f32 or bf16, or another device than the CPU.</exception>
    public bool Exact
    {
        get;
        set => field = !value || CanBeExact
            ? value
            : throw new UsageException($"exact log-probabilities need f32 or bf16 on the CPU, where a decoding step is one operator; this model is in {DType} on {Device}");
    }

    /// <summary>Gets whether <see cref="Exact"/> may be set.</summary>
    public bool CanBeExact => PackedDecoder.Supports(this);

    /// <summary>The matrix of the vocabulary projection [vocabulary, hidden size].</summary>
    public Tensor Head => Weights.Head;

    /// <summary>Gets the parameters by their role.</summary>
    internal DecoderWeights Weights { get; }

    /// <summary>Hidden states after the final norm [tokens, hidden size].</summary>
    public Tensor Hidden(PackedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Hidden(batch.Ids, batch.Positions.Span, new PackedAttention(batch, Exact));
    }

    /// <summary>Logits of hidden states [tokens, vocabulary], in the arithmetic's type.</summary>
    public Tensor Logits(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return new Projection(Head, null).Apply(hidden, Exact);
    }

    /// <summary>The same for many calls: what it prepares lives as long as the scope in which this is called.</summary>
    internal Func<Tensor, Tensor> Projector()
    {
        var head = new Projection(Head, null);
        if (!Exact)
            return hidden => head.Apply(hidden);
        var packed = head.Pack();
        return hidden => head.Apply(hidden, packed);
    }

    /// <summary>A forward pass whose gradient is handed back explicitly, so that the loss can be computed in pieces.</summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="recompute">Keep only each layer's input and compute the layer again for its gradient (gradient checkpointing).</param>
    internal ForwardPass Forward(PackedBatch batch, bool recompute = false)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new ForwardPass(this, batch, recompute);
    }

    /// <summary>
    /// Chooses the parameters that training changes: gradients are recorded for them and no others, and the optimizer, its norm and checkpoints
    /// take <see cref="Trainable"/>.
    /// </summary>
    /// <param name="which">Whether the parameter of a name is one of them; null: all are.</param>
    public void SetTrainable(Func<string, bool>? which = null)
    {
        Trainable = _parameters.Where(p => which?.Invoke(p.Key) ?? true).ToDictionary();
        foreach (var (name, parameter) in _parameters)
            parameter.RequiresGrad = Trainable.ContainsKey(name);
    }

    /// <summary>Frees the parameters.</summary>
    public void Dispose()
    {
        foreach (var parameter in _parameters.Values)
            parameter.Dispose();
    }

    internal Tensor Hidden(Tensor ids, ReadOnlySpan<int> positions, IAttention attention)
    {
        using var scope = new TensorScope();
        var rotary = Rotary(positions);
        var x = Embed(ids);
        for (var layer = 0; layer < _layers.Length; layer++)
            x = Layer(layer, x, rotary, attention);
        return FinalNorm(x).Keep();
    }

    internal (Tensor Cosine, Tensor Sine) Rotary(ReadOnlySpan<int> positions) =>
        _rotary.At(positions, DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, Device);

    /// <summary>Cosines and sines [positions, head size / 2] of all positions up to one, and of some beyond it.</summary>
    internal (float[] Cosine, float[] Sine) RotaryAngles(int position) => _rotary.UpTo(position);

    internal Tensor Embed(Tensor ids) => Weights.Embedding.Embed(ids);

    internal Tensor Layer(int index, Tensor x, (Tensor Cosine, Tensor Sine) rotary, IAttention attention) =>
        _layers[index].Forward(x, rotary, attention, Exact);

    internal Tensor FinalNorm(Tensor x) => DecoderLayer.Norm(x, Weights.FinalNorm, Config.RmsNormEps);
}
