namespace ParallelR1.Training.Policy;

/// <summary>What an importance weight of trainer against rollout belongs to.</summary>
public enum ImportanceLevel
{
    /// <summary>Each token has its own ratio.</summary>
    Token,

    /// <summary>All tokens of a response share the product of their ratios.</summary>
    Sequence,
}
