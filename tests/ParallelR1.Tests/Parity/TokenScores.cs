using ParallelR1.Torch;

namespace ParallelR1.Tests.Parity;

/// <summary>What logits say about tokens.</summary>
internal static class TokenScores
{
    /// <summary>The log-probability of each target, and the entropy −Σ p·log p of each distribution, in nats.</summary>
    /// <param name="logits">Logits [tokens, vocab], f32 or f64.</param>
    /// <param name="targets">The tokens that were sampled, int64 [tokens].</param>
    /// <returns>Log-probabilities [tokens] and entropies [tokens].</returns>
    public static (Tensor LogProb, Tensor Entropy) Of(Tensor logits, Tensor targets)
    {
        var all = logits.LogSoftmax(-1);
        return (all.Gather(-1, targets.Unsqueeze(-1)).Squeeze(-1), -(all.Exp() * all).Sum(-1));
    }
}
