using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>One block: norm, attention, norm, gated feed-forward, both with a residual connection.</summary>
internal sealed class DecoderLayer
{
    private static readonly Operator s_norm = new("parallelr1::rms_norm");
    private static readonly Operator s_rotary = new("parallelr1::rotary");
    private static readonly Operator s_swiglu = new("parallelr1::swiglu");

    private readonly ModelConfig _config;
    private readonly int _index;
    private readonly Func<string, Tensor> _weight;
    private readonly Func<string, Tensor?> _bias;

    /// <param name="config">The decoder's settings.</param>
    /// <param name="index">Index of the layer.</param>
    /// <param name="parameters">All parameters by their checkpoint names.</param>
    public DecoderLayer(ModelConfig config, int index, IReadOnlyDictionary<string, Tensor> parameters)
    {
        _config = config;
        _index = index;
        _weight = name => parameters[$"model.layers.{index}.{name}.weight"];
        _bias = name => parameters.GetValueOrDefault($"model.layers.{index}.{name}.bias");
    }

    /// <summary>RMSNorm over the last dimension.</summary>
    public static Tensor Norm(Tensor x, Tensor weight, double eps) => s_norm.Call(x, weight, eps);

    /// <param name="x">The residual stream [tokens, hidden size].</param>
    /// <param name="rotary">Cosine and sine of the tokens' positions.</param>
    /// <param name="attention">What the tokens see.</param>
    public Tensor Forward(Tensor x, (Tensor Cosine, Tensor Sine) rotary, IAttention attention)
    {
        using var scope = new TensorScope();
        var middle = x + Attention(Norm(x, _weight("input_layernorm"), _config.RmsNormEps), rotary, attention);
        return (middle + FeedForward(Norm(middle, _weight("post_attention_layernorm"), _config.RmsNormEps))).Keep();
    }

    private Tensor Attention(Tensor x, (Tensor Cosine, Tensor Sine) rotary, IAttention attention)
    {
        var q = Heads(x, "q_proj", _config.Heads);
        var k = Heads(x, "k_proj", _config.KeyValueHeads);
        var v = Heads(x, "v_proj", _config.KeyValueHeads);
        if (_config.QueryKeyNorm)
        {
            q = Norm(q, _weight("self_attn.q_norm"), _config.RmsNormEps);
            k = Norm(k, _weight("self_attn.k_norm"), _config.RmsNormEps);
        }

        q = s_rotary.Call(q, rotary.Cosine, rotary.Sine);
        k = s_rotary.Call(k, rotary.Cosine, rotary.Sine);
        var mixed = attention.Attend(_index, q, k, v, 1 / Math.Sqrt(_config.HeadDim));
        return Project(mixed.Reshape(-1, (long)_config.Heads * _config.HeadDim), "self_attn.o_proj");
    }

    private Tensor FeedForward(Tensor x) =>
        Project(s_swiglu.Call(Project(x, "mlp.gate_proj"), Project(x, "mlp.up_proj")), "mlp.down_proj");

    private Tensor Heads(Tensor x, string name, int heads) => Project(x, $"self_attn.{name}").Reshape(-1, heads, _config.HeadDim);

    private Tensor Project(Tensor x, string name) => x.Linear(_weight(name), _bias(name));
}
