using ParallelR1.Thinking;

namespace ParallelR1.Training.Policy;

/// <summary>One response as a policy step sees it.</summary>
/// <param name="Trace">Prompt and response, laid out for scoring.</param>
/// <param name="PromptLength">Tokens of the prompt.</param>
/// <param name="CarriesLoss">For each response token whether it carries loss: sampled ones do, injected ones do not.</param>
/// <param name="OldLogProbs">For each response token its log-probability under the policy that sampled it.</param>
/// <param name="Advantage">The response's advantage, the same for all its tokens.</param>
public sealed record PolicyResponse(TraceRows Trace, int PromptLength, bool[] CarriesLoss, float[] OldLogProbs, double Advantage)
{
    /// <summary>For each response token an advantage of its own in place of the response's; null: they all have the response's.</summary>
    public float[]? TokenAdvantages { get; init; }

    /// <summary>Whether any token has an advantage.</summary>
    public bool Teaches => TokenAdvantages is { } own ? own.Any(a => a != 0) : Advantage != 0;

    /// <summary>For each response token a constant factor on its loss (importance sampling); null: 1.</summary>
    public float[]? Weights { get; init; }

    /// <summary>For each response token its log-probability under the reference policy; null where the loss has no divergence from it.</summary>
    public float[]? ReferenceLogProbs { get; init; }

    /// <summary>
    /// For each response token the tokens that might not be drawn in its place; null: none anywhere. They are left out of the softmax:
    /// the policy is what samples. With them in it, pushing down what was drawn would push up what can never be.
    /// </summary>
    public int[][]? Banned { get; init; }

    /// <summary>Number of tokens that carry loss.</summary>
    public int LossTokens => CarriesLoss.Count(carries => carries);
}
