using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>A transformer layer: norm, attention, norm, gated feed-forward; attention and feed-forward each have a residual connection.</summary>
/// <param name="config">The decoder's settings.</param>
/// <param name="index">Index of the layer.</param>
/// <param name="weights">Its weights.</param>
internal sealed class DecoderLayer(ModelConfig config, int index, LayerWeights weights)
{
    private static readonly Operator s_norm = new("parallelr1::rms_norm");
    private static readonly Operator s_rotary = new("parallelr1::rotary");
    private static readonly Operator s_swiglu = new("parallelr1::swiglu");

    /// <summary>RMSNorm over the last dimension.</summary>
    public static Tensor Norm(Tensor x, Tensor weight, double eps) => s_norm.Call(x, weight, eps);

    /// <summary>Computes the layer's output [tokens, hidden size].</summary>
    /// <param name="x">The residual stream [tokens, hidden size].</param>
    /// <param name="rotary">Cosine and sine of the tokens' positions.</param>
    /// <param name="attention">The attention implementation.</param>
    /// <param name="exact">Whether products are bitwise equal to those of a decode step; norms, rotation and activation always are.</param>
    public Tensor Forward(Tensor x, (Tensor Cosine, Tensor Sine) rotary, IAttention attention, bool exact = false)
    {
        using var scope = new TensorScope();
        var middle = x + Attention(Norm(x, weights.InputNorm, config.RmsNormEps), rotary, attention, exact);
        return (middle + FeedForward(Norm(middle, weights.PostAttentionNorm, config.RmsNormEps), exact)).Keep();
    }

    private Tensor Attention(Tensor x, (Tensor Cosine, Tensor Sine) rotary, IAttention attention, bool exact)
    {
        var q = Rotated(Heads(weights.Query.Apply(x, exact), config.Heads), weights.QueryNorm, rotary);
        var k = Rotated(Heads(weights.Key.Apply(x, exact), config.KeyValueHeads), weights.KeyNorm, rotary);
        var v = Heads(weights.Value.Apply(x, exact), config.KeyValueHeads);
        var mixed = attention.Attend(index, q, k, v, 1 / Math.Sqrt(config.HeadDim));
        return weights.Output.Apply(mixed.Reshape(-1, (long)config.Heads * config.HeadDim), exact);
    }

    private Tensor Rotated(Tensor heads, Tensor? norm, (Tensor Cosine, Tensor Sine) rotary) =>
        s_rotary.Call(norm is null ? heads : Norm(heads, norm, config.RmsNormEps), rotary.Cosine, rotary.Sine);

    private Tensor FeedForward(Tensor x, bool exact) =>
        weights.Down.Apply(s_swiglu.Call(weights.Gate.Apply(x, exact), weights.Up.Apply(x, exact)), exact);

    private Tensor Heads(Tensor x, int heads) => x.Reshape(-1, heads, config.HeadDim);
}
