namespace ParallelR1.Models;

/// <summary>Names and shapes of a decoder's tensors in Hugging Face checkpoints; projection weights are [out, in].</summary>
internal static class ModelTensors
{
    public const string Embedding = "model.embed_tokens.weight";
    public const string Head = "lm_head.weight";
    public const string FinalNorm = "model.norm.weight";

    // Within a layer, without "weight" or "bias".
    public const string InputNorm = "input_layernorm";
    public const string Query = "self_attn.q_proj";
    public const string Key = "self_attn.k_proj";
    public const string Value = "self_attn.v_proj";
    public const string Output = "self_attn.o_proj";
    public const string QueryNorm = "self_attn.q_norm";
    public const string KeyNorm = "self_attn.k_norm";
    public const string PostAttentionNorm = "post_attention_layernorm";
    public const string Gate = "mlp.gate_proj";
    public const string Up = "mlp.up_proj";
    public const string Down = "mlp.down_proj";

    /// <summary>Gets the name of a layer's tensor.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="role">Its role, one of the constants.</param>
    /// <param name="kind"><c>weight</c> or <c>bias</c>.</param>
    public static string InLayer(int layer, string role, string kind) => $"model.layers.{layer}.{role}.{kind}";

    public static IEnumerable<KeyValuePair<string, long[]>> Of(ModelConfig config)
    {
        yield return new(Embedding, [config.VocabSize, config.HiddenSize]);
        for (var layer = 0; layer < config.Layers; layer++)
        {
            foreach (var (role, kind, shape) in Layer(config))
                yield return new(InLayer(layer, role, kind), shape);
        }

        yield return new(FinalNorm, [config.HiddenSize]);
        if (!config.TieWordEmbeddings)
            yield return new(Head, [config.VocabSize, config.HiddenSize]);
    }

    private static IEnumerable<(string Role, string Kind, long[] Shape)> Layer(ModelConfig c)
    {
        long queries = (long)c.Heads * c.HeadDim, keys = (long)c.KeyValueHeads * c.HeadDim;
        yield return (InputNorm, "weight", [c.HiddenSize]);
        foreach (var tensor in Projection(Query, queries, c.HiddenSize, c.QueryKeyValueBias))
            yield return tensor;
        foreach (var tensor in Projection(Key, keys, c.HiddenSize, c.QueryKeyValueBias))
            yield return tensor;
        foreach (var tensor in Projection(Value, keys, c.HiddenSize, c.QueryKeyValueBias))
            yield return tensor;
        foreach (var tensor in Projection(Output, c.HiddenSize, queries, c.OutputBias))
            yield return tensor;
        if (c.QueryKeyNorm)
        {
            yield return (QueryNorm, "weight", [c.HeadDim]);
            yield return (KeyNorm, "weight", [c.HeadDim]);
        }

        yield return (PostAttentionNorm, "weight", [c.HiddenSize]);
        foreach (var tensor in Projection(Gate, c.IntermediateSize, c.HiddenSize, c.FeedForwardBias))
            yield return tensor;
        foreach (var tensor in Projection(Up, c.IntermediateSize, c.HiddenSize, c.FeedForwardBias))
            yield return tensor;
        foreach (var tensor in Projection(Down, c.HiddenSize, c.IntermediateSize, c.FeedForwardBias))
            yield return tensor;
    }

    private static IEnumerable<(string Role, string Kind, long[] Shape)> Projection(string role, long rows, long columns, bool bias)
    {
        yield return (role, "weight", [rows, columns]);
        if (bias)
            yield return (role, "bias", [rows]);
    }
}
