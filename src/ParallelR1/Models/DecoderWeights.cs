using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>
/// The weights of a decoder by their role, for the forward pass and other implementations of it. The tensors are those of
/// <see cref="Decoder.Parameters"/>, which are named as in checkpoints.
/// </summary>
internal sealed record DecoderWeights
{
    /// <summary>Gets the embedding [vocabulary, hidden size].</summary>
    public required Tensor Embedding { get; init; }

    /// <summary>Gets the weights of each layer, from the first.</summary>
    public required IReadOnlyList<LayerWeights> Layers { get; init; }

    /// <summary>Gets the norm after the last layer [hidden size].</summary>
    public required Tensor FinalNorm { get; init; }

    /// <summary>Gets the matrix of the vocabulary projection [vocabulary, hidden size]; the embedding itself if they are tied.</summary>
    public required Tensor Head { get; init; }

    /// <summary>Assigns named tensors to their roles.</summary>
    /// <param name="config">The decoder's settings.</param>
    /// <param name="tensors">All of <see cref="ModelTensors.Of"/> by name.</param>
    public static DecoderWeights Of(ModelConfig config, IReadOnlyDictionary<string, Tensor> tensors) => new()
    {
        Embedding = tensors[ModelTensors.Embedding],
        Layers = [.. Enumerable.Range(0, config.Layers).Select(layer => LayerWeights.Of(layer, tensors))],
        FinalNorm = tensors[ModelTensors.FinalNorm],
        Head = tensors[config.TieWordEmbeddings ? ModelTensors.Embedding : ModelTensors.Head],
    };
}

/// <summary>The weights of one layer.</summary>
internal sealed record LayerWeights
{
    /// <summary>Gets the norm before attention [hidden size].</summary>
    public required Tensor InputNorm { get; init; }

    /// <summary>Gets the projection to queries [heads · head size, hidden size].</summary>
    public required Projection Query { get; init; }

    /// <summary>Gets the projection to keys [key/value heads · head size, hidden size].</summary>
    public required Projection Key { get; init; }

    /// <summary>Gets the projection to values [key/value heads · head size, hidden size].</summary>
    public required Projection Value { get; init; }

    /// <summary>Gets the projection from the heads back to the residual stream [hidden size, heads · head size].</summary>
    public required Projection Output { get; init; }

    /// <summary>Gets the norm on each head's query [head size]; null if the architecture has none.</summary>
    public Tensor? QueryNorm { get; init; }

    /// <summary>Gets the norm on each head's key [head size]; null if the architecture has none.</summary>
    public Tensor? KeyNorm { get; init; }

    /// <summary>Gets the norm before the feed-forward part [hidden size].</summary>
    public required Tensor PostAttentionNorm { get; init; }

    /// <summary>Gets the gate projection of the feed-forward part [intermediate size, hidden size].</summary>
    public required Projection Gate { get; init; }

    /// <summary>Gets the projection that is multiplied by the gate [intermediate size, hidden size].</summary>
    public required Projection Up { get; init; }

    /// <summary>Gets the projection back to the residual stream [hidden size, intermediate size].</summary>
    public required Projection Down { get; init; }

    /// <summary>Gets the weights of a layer by its index.</summary>
    public static LayerWeights Of(int layer, IReadOnlyDictionary<string, Tensor> tensors)
    {
        return new LayerWeights
        {
            InputNorm = Weight(ModelTensors.InputNorm),
            Query = Project(ModelTensors.Query),
            Key = Project(ModelTensors.Key),
            Value = Project(ModelTensors.Value),
            Output = Project(ModelTensors.Output),
            QueryNorm = Optional(ModelTensors.QueryNorm, "weight"),
            KeyNorm = Optional(ModelTensors.KeyNorm, "weight"),
            PostAttentionNorm = Weight(ModelTensors.PostAttentionNorm),
            Gate = Project(ModelTensors.Gate),
            Up = Project(ModelTensors.Up),
            Down = Project(ModelTensors.Down),
        };

        Tensor Weight(string role) => tensors[ModelTensors.InLayer(layer, role, "weight")];
        Tensor? Optional(string role, string kind) => tensors.GetValueOrDefault(ModelTensors.InLayer(layer, role, kind));
        Projection Project(string role) => new(Weight(role), Optional(role, "bias"));
    }
}

/// <summary>A linear map.</summary>
/// <param name="Weight">The matrix [out, in].</param>
/// <param name="Bias">The bias [out]; null for none.</param>
internal sealed record Projection(Tensor Weight, Tensor? Bias)
{
    private static readonly Operator s_pack = new("parallelr1::panel_pack");
    private static readonly Operator s_apply = new("parallelr1::panel_linear");

    /// <summary>Computes x·Wᵀ + b, from [tokens, in] to [tokens, out].</summary>
    /// <param name="x">The rows.</param>
    /// <param name="exact">Whether every output is bitwise equal to that of a decode step.</param>
    public Tensor Apply(Tensor x, bool exact = false) => exact ? Apply(x, Pack()) : x.Linear(Weight, Bias);

    /// <summary>Computes the same as a decode step, with a packed weight.</summary>
    public Tensor Apply(Tensor x, Tensor packed) => s_apply.Call(x, Weight, Bias, packed);

    /// <summary>Packs the weight for the products of a decode step.</summary>
    public Tensor Pack() => s_pack.Call(Weight);
}
