namespace ParallelR1.Training;

/// <summary>What entropies of the policy are for.</summary>
public enum EntropyUse
{
    /// <summary>They are not computed.</summary>
    None,

    /// <summary>They are logged; no gradient is recorded for them.</summary>
    Watched,

    /// <summary>They are part of the loss.</summary>
    Differentiated,
}
