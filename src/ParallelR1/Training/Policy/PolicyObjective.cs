namespace ParallelR1.Training.Policy;

/// <summary>The loss of a token, given the ratio ρ of its probabilities under the policy that learns and the one that sampled.</summary>
public enum PolicyObjective
{
    /// <summary>Clipped surrogate of PPO with the dual clip.</summary>
    Ppo,

    /// <summary>−stop_gradient(clip(ρ))·A·log p (CISPO): clipping never silences a token.</summary>
    Cispo,

    /// <summary>−A·log p: no ratio at all.</summary>
    PolicyGradient,

    /// <summary>−A·p/stop_gradient(p): strictly on-policy, nothing is clipped.</summary>
    OnPolicy,

    /// <summary>Clipped surrogate with one ratio for the whole response (<see cref="SequencePolicyLoss.Gspo(Torch.Tensor, Torch.Tensor, Torch.Tensor, PolicyLossOptions)"/>).</summary>
    Gspo,
}
