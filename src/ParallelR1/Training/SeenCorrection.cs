namespace ParallelR1.Training;

/// <summary>How a Seen policy is scored on tokens of paths, which were sampled without seeing their siblings.</summary>
public enum SeenCorrection
{
    /// <summary>Each token in the context in which it was sampled.</summary>
    AsSampled,

    /// <summary>Causally over the concatenation, weighted by the ratio of both probabilities.</summary>
    ImportanceSampling,

    /// <summary>Causally over the concatenation, the mismatch left alone (as published).</summary>
    None,
}
