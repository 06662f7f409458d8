namespace ParallelR1.Training.Policy;

/// <summary>Divergence of rollout from trainer at a token, with l = log p(trainer) − log p(rollout), cut at ±20.</summary>
public enum RejectionStatistic
{
    /// <summary>−l.</summary>
    K1,

    /// <summary>l²/2.</summary>
    K2,

    /// <summary>exp(l) − 1 − l.</summary>
    K3,
}
