namespace ParallelR1.Training.Policy;

/// <summary>
/// Estimators of the divergence from a reference policy at a sampled token (Schulman 2020, "Approximating KL divergence"), with
/// d = log p − log p_ref.
/// </summary>
public enum KlEstimator
{
    /// <summary>d: without bias, can be negative.</summary>
    K1,

    /// <summary>|d|.</summary>
    Abs,

    /// <summary>d²/2: its gradient is that of the divergence.</summary>
    K2,

    /// <summary>exp(−d) + d − 1: without bias, never negative. −d is cut at ±20 and the result at ±10.</summary>
    K3,

    /// <summary>The value of K1, the gradient of K2.</summary>
    K1StraightThrough,

    /// <summary>The value of K3, the gradient of K2.</summary>
    K3StraightThrough,
}
