namespace ParallelR1.Models.Gguf;

/// <summary>Maps tensor names of Hugging Face checkpoints to those of GGUF files, for the three model families.</summary>
internal static class GgufNames
{
    /// <summary>Name of the tensor of divisors that llama3 scaling applies to the frequencies.</summary>
    public const string RopeFactors = "rope_freqs.weight";

    private static readonly Dictionary<string, string> s_whole = new(StringComparer.Ordinal)
    {
        [ModelTensors.Embedding] = "token_embd.weight",
        [ModelTensors.FinalNorm] = "output_norm.weight",
        [ModelTensors.Head] = "output.weight",
    };

    private static readonly Dictionary<string, string> s_parts = new(StringComparer.Ordinal)
    {
        [ModelTensors.InputNorm] = "attn_norm",
        [ModelTensors.Query] = "attn_q",
        [ModelTensors.Key] = "attn_k",
        [ModelTensors.Value] = "attn_v",
        [ModelTensors.Output] = "attn_output",
        [ModelTensors.QueryNorm] = "attn_q_norm",
        [ModelTensors.KeyNorm] = "attn_k_norm",
        [ModelTensors.PostAttentionNorm] = "ffn_norm",
        [ModelTensors.Gate] = "ffn_gate",
        [ModelTensors.Up] = "ffn_up",
        [ModelTensors.Down] = "ffn_down",
    };

    public static string Of(string checkpointName)
    {
        if (s_whole.TryGetValue(checkpointName, out var whole))
            return whole;
        // model.layers.N.PART.weight
        var pieces = checkpointName.Split('.', 4);
        var dot = pieces[3].LastIndexOf('.');
        return $"blk.{pieces[2]}.{s_parts[pieces[3][..dot]]}{pieces[3][dot..]}";
    }
}
