namespace ParallelR1.Training.Policy;

/// <summary>How a rollout that was sampled by another policy than the trainer's is corrected.</summary>
public sealed record RolloutCorrectionOptions
{
    /// <summary>Importance weights of tokens or responses; null: none.</summary>
    public ImportanceLevel? Level { get; init; } = ImportanceLevel.Token;

    /// <summary>The largest weight.</summary>
    public double Cap { get; init; } = 2;

    /// <summary>Null: larger weights than the cap are cut to it. Otherwise weights outside [floor, cap] become 0.</summary>
    public double? Floor { get; init; }

    /// <summary>Divide weights by their mean over the batch (over loss tokens, or over responses with loss tokens).</summary>
    public bool BatchNormalize { get; init; }

    /// <summary>What is taken out of the loss; all rules must pass.</summary>
    public IReadOnlyList<RejectionRule> Rejections { get; init; } = [];
}
