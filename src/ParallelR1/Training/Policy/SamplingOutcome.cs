namespace ParallelR1.Training.Policy;

/// <summary>Where dynamic sampling stands.</summary>
public enum SamplingOutcome
{
    /// <summary>More groups with a spread are needed, and another round may be generated.</summary>
    NeedsMore,

    /// <summary>The batch is full.</summary>
    Ok,

    /// <summary>The last allowed round is used, and the batch is not full.</summary>
    BudgetExhausted,
}
