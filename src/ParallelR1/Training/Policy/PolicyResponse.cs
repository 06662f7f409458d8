using ParallelR1.Thinking;

namespace ParallelR1.Training.Policy;

/// <summary>A response with its inputs to a policy step.</summary>
/// <param name="Trace">Prompt and response, laid out for scoring.</param>
/// <param name="PromptLength">Number of tokens of the prompt.</param>
/// <param name="CarriesLoss">For each response token, whether it carries loss: sampled tokens do, injected ones do not.</param>
/// <param name="OldLogProbs">For each response token, its log-probability under the policy that sampled it.</param>
/// <param name="Advantage">The response's advantage, the same for all its tokens.</param>
public sealed record PolicyResponse(TraceRows Trace, int PromptLength, bool[] CarriesLoss, float[] OldLogProbs, double Advantage)
{
    /// <summary>For each response token, its own advantage, which replaces the response's; null if all tokens have the response's.</summary>
    public float[]? TokenAdvantages { get; init; }

    /// <summary>Gets whether any token has a nonzero advantage.</summary>
    public bool Teaches => TokenAdvantages is { } own ? own.Any(a => a != 0) : Advantage != 0;

    /// <summary>For each response token, a constant factor on its loss (importance sampling); null for 1.</summary>
    public float[]? Weights { get; init; }

    /// <summary>For each response token, its log-probability under the reference policy; null if the loss has no KL term.</summary>
    public float[]? ReferenceLogProbs { get; init; }

    /// <summary>
    /// For each response token, the tokens that were banned when it was sampled; null if none ever were. Banned tokens are left out of the
    /// softmax, as in sampling. If they were not, lowering the probability of the sampled token would raise that of banned ones.
    /// </summary>
    public int[][]? Banned { get; init; }

    /// <summary>Gets the number of tokens that carry loss.</summary>
    public int LossTokens => CarriesLoss.Count(carries => carries);
}
