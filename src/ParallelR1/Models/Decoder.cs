using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>
/// The transformer decoder of Qwen3, Qwen2 and Llama: one class with a config. Training and generation both use it, with different
/// attention implementations.
/// </summary>
public sealed class Decoder : IDisposable
{
    private readonly Dictionary<string, Tensor> _parameters;
    private readonly DecoderLayer[] _layers;
    private readonly RotaryTable _rotary;

    /// <summary>Initializes a decoder; takes ownership of the parameters.</summary>
    internal Decoder(ModelConfig config, Dictionary<string, Tensor> parameters)
    {
        Config = config;
        _parameters = parameters;
        Weights = DecoderWeights.Of(config, parameters);
        _layers = [.. Weights.Layers.Select((weights, i) => new DecoderLayer(config, i, weights))];
        _rotary = new RotaryTable(config.Rope);
    }

    /// <summary>Gets the decoder's settings.</summary>
    public ModelConfig Config { get; }

    /// <summary>Gets all parameters by their checkpoint names, in checkpoint order.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters => _parameters;

    /// <summary>Gets the <see cref="Parameters"/> that training changes; empty until <see cref="SetTrainable"/> is called.</summary>
    public IReadOnlyDictionary<string, Tensor> Trainable { get; private set; } = new Dictionary<string, Tensor>();

    /// <summary>Gets the number type of parameters and arithmetic (norms, softmax and losses use at least f32).</summary>
    public ScalarType DType => Weights.Embedding.DType;

    /// <summary>Gets the device of the parameters.</summary>
    public Device Device => Weights.Embedding.Device;

    /// <summary>
    /// Gets or sets whether the forward pass computes products and attention like the engine's decode step, with the same order of summation.
    /// The log-probabilities of training and scoring are then bitwise equal to those of decoding; gradients are not affected.
    /// </summary>
    /// <exception cref="UsageException">Set to true, but the engine has no such step for this type and device: it needs f32 or bf16 on the CPU.</exception>
    public bool Exact
    {
        get;
        set => field = !value || CanBeExact
            ? value
            : throw new UsageException($"exact log-probabilities need f32 or bf16 on the CPU, where a decoding step is one operator; this model is in {DType} on {Device}");
    }

    /// <summary>Gets whether <see cref="Exact"/> may be set.</summary>
    public bool CanBeExact => PackedDecoder.Supports(this);

    /// <summary>Gets the matrix of the vocabulary projection [vocabulary, hidden size].</summary>
    public Tensor Head => Weights.Head;

    /// <summary>Gets the parameters by their role.</summary>
    internal DecoderWeights Weights { get; }

    /// <summary>Computes the hidden states after the final norm.</summary>
    /// <param name="batch">The tokens.</param>
    /// <returns>Hidden states [tokens, hidden size].</returns>
    public Tensor Hidden(PackedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Hidden(batch.Ids, batch.Positions.Span, new PackedAttention(batch, Exact));
    }

    /// <summary>Computes the logits of hidden states.</summary>
    /// <param name="hidden">Hidden states [tokens, hidden size].</param>
    /// <returns>Logits [tokens, vocabulary], in <see cref="DType"/>.</returns>
    public Tensor Logits(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return new Projection(Head, null).Apply(hidden, Exact);
    }

    /// <summary>Creates a function from hidden states to logits, for many calls; its prepared weights live as long as the current tensor scope.</summary>
    internal Func<Tensor, Tensor> Projector()
    {
        var head = new Projection(Head, null);
        if (!Exact)
            return hidden => head.Apply(hidden);
        var packed = head.Pack();
        return hidden => head.Apply(hidden, packed);
    }

    /// <summary>Runs a forward pass whose backward pass is called explicitly, so that the loss can be computed in pieces.</summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="recompute">Whether only each layer's input is kept and the layer is recomputed for its gradient (gradient checkpointing).</param>
    internal ForwardPass Forward(PackedBatch batch, bool recompute = false)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new ForwardPass(this, batch, recompute);
    }

    /// <summary>
    /// Selects the parameters that training changes. Gradients are recorded only for them, and the optimizer, its gradient norm and checkpoints
    /// use <see cref="Trainable"/>.
    /// </summary>
    /// <param name="which">Returns, for a parameter's name, whether it is trained; null to train all.</param>
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

    /// <summary>Gets cosines and sines [positions, head size / 2] of all positions up to the given one, and possibly more.</summary>
    internal (float[] Cosine, float[] Sine) RotaryAngles(int position) => _rotary.UpTo(position);

    internal Tensor Embed(Tensor ids) => Weights.Embedding.Embed(ids);

    internal Tensor Layer(int index, Tensor x, (Tensor Cosine, Tensor Sine) rotary, IAttention attention) =>
        _layers[index].Forward(x, rotary, attention, Exact);

    internal Tensor FinalNorm(Tensor x) => DecoderLayer.Norm(x, Weights.FinalNorm, Config.RmsNormEps);
}
