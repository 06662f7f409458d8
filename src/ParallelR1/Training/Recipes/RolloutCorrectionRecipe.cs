using ParallelR1.Training.Policy;

namespace ParallelR1.Training.Recipes;

/// <summary>Corrects for rollouts whose probabilities are not the trainer's; costs one more forward pass a step.</summary>
public sealed record RolloutCorrectionRecipe
{
    /// <summary>Importance weights of tokens or of responses; null: none.</summary>
    public ImportanceLevel? Level { get; init; } = ImportanceLevel.Token;

    /// <summary>The largest weight.</summary>
    [Bounds(1)]
    public double Cap { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Null: larger weights than the cap are cut to it. Otherwise weights below it or above the cap become 0.</summary>
    [Bounds(0, 1)]
    public double? Floor { get; init => field = Options.Checked(this, value); }

    /// <summary>Divide weights by their mean over the step.</summary>
    public bool BatchNormalize { get; init; }

    /// <summary>What is taken out of the loss: where any of these does not hold.</summary>
    public IReadOnlyList<RejectionRecipe> Reject { get; init; } = [];

    internal RolloutCorrectionOptions ToOptions() => new()
    {
        Level = Level,
        Cap = Cap,
        Floor = Floor,
        BatchNormalize = BatchNormalize,
        Rejections = [.. Reject.Select(r => r.ToRule())],
    };
}

/// <summary>A limit on the difference of rollout and trainer.</summary>
public sealed record RejectionRecipe : IOptionChecks
{
    /// <summary>What is measured at each token, with l = log p(trainer) − log p(rollout): k1 is −l, k2 is l²/2, k3 is exp(l) − 1 − l.</summary>
    public RejectionStatistic Statistic { get; init; } = RejectionStatistic.K1;

    /// <summary>What is judged: each token, or a response by the sum, the mean or the largest of its tokens.</summary>
    public RejectionScope Scope { get; init; } = RejectionScope.Token;

    /// <summary>With k1: the smallest probability ratio rollout/trainer that passes.</summary>
    [Bounds(0, Above = true)]
    public double? Low { get; init => field = Options.Checked(this, value); }

    /// <summary>The largest value that passes; with k1 a probability ratio.</summary>
    [Bounds(0, Above = true)]
    public double High { get; init => field = Options.Checked(this, value); } = 2;

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        if (Statistic != RejectionStatistic.K1 && Low is not null)
            yield return ("low", "belongs to statistic: k1; k2 and k3 are never negative and have only 'high'");
        if (Low > High)
            yield return ("low", $"{Low} is more than high: {High}");
    }

    internal RejectionRule ToRule() => Statistic == RejectionStatistic.K1
        ? RejectionRule.OfRatios(Scope, Low ?? 1 / High, High)
        : RejectionRule.UpTo(Statistic, Scope, High);
}
