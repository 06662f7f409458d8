namespace ParallelR1.Models;

/// <summary>Names and shapes of a decoder's tensors in Hugging Face checkpoints; weights of projections are [out, in].</summary>
internal static class ModelTensors
{
    public const string Embedding = "model.embed_tokens.weight";
    public const string Head = "lm_head.weight";
    public const string FinalNorm = "model.norm.weight";

    public static IEnumerable<KeyValuePair<string, long[]>> Of(ModelConfig config)
    {
        yield return new(Embedding, [config.VocabSize, config.HiddenSize]);
        for (var layer = 0; layer < config.Layers; layer++)
        {
            foreach (var (name, shape) in Block(config))
                yield return new($"model.layers.{layer}.{name}", shape);
        }

        yield return new(FinalNorm, [config.HiddenSize]);
        if (!config.TieWordEmbeddings)
            yield return new(Head, [config.VocabSize, config.HiddenSize]);
    }

    private static IEnumerable<(string Name, long[] Shape)> Block(ModelConfig c)
    {
        long queries = (long)c.Heads * c.HeadDim, keys = (long)c.KeyValueHeads * c.HeadDim;
        yield return ("input_layernorm.weight", [c.HiddenSize]);
        foreach (var tensor in Projection("self_attn.q_proj", queries, c.HiddenSize, c.QueryKeyValueBias))
            yield return tensor;
        foreach (var tensor in Projection("self_attn.k_proj", keys, c.HiddenSize, c.QueryKeyValueBias))
            yield return tensor;
        foreach (var tensor in Projection("self_attn.v_proj", keys, c.HiddenSize, c.QueryKeyValueBias))
            yield return tensor;
        foreach (var tensor in Projection("self_attn.o_proj", c.HiddenSize, queries, c.OutputBias))
            yield return tensor;
        if (c.QueryKeyNorm)
        {
            yield return ("self_attn.q_norm.weight", [c.HeadDim]);
            yield return ("self_attn.k_norm.weight", [c.HeadDim]);
        }

        yield return ("post_attention_layernorm.weight", [c.HiddenSize]);
        foreach (var tensor in Projection("mlp.gate_proj", c.IntermediateSize, c.HiddenSize, c.FeedForwardBias))
            yield return tensor;
        foreach (var tensor in Projection("mlp.up_proj", c.IntermediateSize, c.HiddenSize, c.FeedForwardBias))
            yield return tensor;
        foreach (var tensor in Projection("mlp.down_proj", c.HiddenSize, c.IntermediateSize, c.FeedForwardBias))
            yield return tensor;
    }

    private static IEnumerable<(string Name, long[] Shape)> Projection(string name, long rows, long columns, bool bias)
    {
        yield return ($"{name}.weight", [rows, columns]);
        if (bias)
            yield return ($"{name}.bias", [rows]);
    }
}
