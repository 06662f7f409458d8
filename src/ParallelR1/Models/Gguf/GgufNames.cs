namespace ParallelR1.Models.Gguf;

/// <summary>Tensor names of Hugging Face checkpoints → those of GGUF files, for the three families.</summary>
internal static class GgufNames
{
    /// <summary>Factors by which llama3 scaling divides the frequencies, stored as a tensor.</summary>
    public const string RopeFactors = "rope_freqs.weight";

    private static readonly Dictionary<string, string> s_whole = new(StringComparer.Ordinal)
    {
        [ModelTensors.Embedding] = "token_embd.weight",
        [ModelTensors.FinalNorm] = "output_norm.weight",
        [ModelTensors.Head] = "output.weight",
    };

    private static readonly Dictionary<string, string> s_parts = new(StringComparer.Ordinal)
    {
        ["input_layernorm"] = "attn_norm",
        ["self_attn.q_proj"] = "attn_q",
        ["self_attn.k_proj"] = "attn_k",
        ["self_attn.v_proj"] = "attn_v",
        ["self_attn.o_proj"] = "attn_output",
        ["self_attn.q_norm"] = "attn_q_norm",
        ["self_attn.k_norm"] = "attn_k_norm",
        ["post_attention_layernorm"] = "ffn_norm",
        ["mlp.gate_proj"] = "ffn_gate",
        ["mlp.up_proj"] = "ffn_up",
        ["mlp.down_proj"] = "ffn_down",
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
