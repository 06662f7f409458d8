using ParallelR1.Training.Optimization;

namespace ParallelR1.Training.Policy;

/// <summary>What a policy step saw, before its update.</summary>
/// <param name="Loss">The aggregated loss.</param>
/// <param name="Tokens">Tokens that carry loss.</param>
/// <param name="ClipFraction">Share of them whose clipped term is the larger.</param>
/// <param name="ClipFractionLower">Share of them on which the dual clip acts.</param>
/// <param name="Scored">Tokens that went through the model: those of responses with an advantage. The figures below are about them; 0 if there are none.</param>
/// <param name="Kl">Mean divergence from the reference policy, in nats; 0 where the loss has none.</param>
/// <param name="Entropy">Mean entropy of the distributions they were drawn from, in nats.</param>
/// <param name="LogProbDifference">Mean |log p − log p_old|.</param>
/// <param name="LogProbDifferenceMax">The largest.</param>
/// <param name="Gradient">What the optimizer saw.</param>
public sealed record PolicyStepResult(
    double Loss,
    int Tokens,
    double ClipFraction,
    double ClipFractionLower,
    int Scored,
    double Kl,
    double Entropy,
    double LogProbDifference,
    double LogProbDifferenceMax,
    GradientStep Gradient);
