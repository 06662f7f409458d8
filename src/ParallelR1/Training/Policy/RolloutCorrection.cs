namespace ParallelR1.Training.Policy;

/// <summary>
/// Corrects for a rollout whose probabilities are not the trainer's: truncated importance sampling (Ionides 2008; Yao et al. 2025, "Your
/// efficient RL framework secretly brings you off-policy RL training") and rejection. Values are flat, response after response, only of loss tokens.
/// </summary>
/// <param name="Weights">What the loss of each token is multiplied by; all 1 without importance weights.</param>
/// <param name="Kept">Whether each token stays in the loss.</param>
/// <param name="Summary">Of the weights, before they were divided by their mean; null without importance weights.</param>
internal sealed record RolloutCorrection(double[] Weights, bool[] Kept, WeightSummary? Summary)
{
    private const double LogRatioClamp = 20;

    /// <summary>Weights and kept tokens of a batch.</summary>
    /// <param name="trainerLogProb">Log-probabilities as the trainer scores them, before it learns from them.</param>
    /// <param name="rolloutLogProb">Log-probabilities as the rollout sampled them.</param>
    /// <param name="lossTokensPerResponse">Number of loss tokens of each response.</param>
    /// <param name="options">Which correction.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="UsageException">The limits of a rule do not go together.</exception>
    public static RolloutCorrection Compute(
        ReadOnlySpan<double> trainerLogProb, ReadOnlySpan<double> rolloutLogProb, IReadOnlyList<int> lossTokensPerResponse, RolloutCorrectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var logRatios = LogRatios(trainerLogProb, rolloutLogProb, lossTokensPerResponse);
        var kept = new bool[logRatios.Length];
        Array.Fill(kept, true);
        foreach (var rule in options.Reject)
            rule.Apply(logRatios, lossTokensPerResponse, kept);
        if (options.Level is not { } level)
            return new RolloutCorrection([.. kept.Select(_ => 1.0)], kept, null);

        var raw = level == ImportanceLevel.Token ? logRatios : ResponseSums(logRatios, lossTokensPerResponse);
        raw = Array.ConvertAll(raw, l => Math.Exp(Math.Clamp(l, -LogRatioClamp, LogRatioClamp)));
        var weights = Array.ConvertAll(raw, w =>
            options.Floor is not { } floor ? Math.Min(w, options.Cap)
            : w >= floor && w <= options.Cap ? w
            : 0);
        var summary = WeightSummary.Of(raw, weights, lossTokensPerResponse, level, options.Floor ?? 1 / options.Cap, options.Cap);
        return new RolloutCorrection(options.BatchNormalize ? Normalized(weights, lossTokensPerResponse, level) : weights, kept, summary);
    }

    internal static double[] LogRatios(ReadOnlySpan<double> trainer, ReadOnlySpan<double> rollout, IReadOnlyList<int> lossTokensPerResponse)
    {
        TokenAdvantages.Check(trainer, lossTokensPerResponse);
        TokenAdvantages.Check(rollout, lossTokensPerResponse);
        var logRatios = new double[trainer.Length];
        for (var t = 0; t < logRatios.Length; t++)
            logRatios[t] = trainer[t] - rollout[t];
        return logRatios;
    }

    private static double[] ResponseSums(double[] logRatios, IReadOnlyList<int> lossTokensPerResponse) => TokenAdvantages.Broadcast(
        TokenAdvantages.Responses(lossTokensPerResponse).Select(response => logRatios.AsSpan(response.Start, response.Count).ToArray().Sum()).ToArray(), lossTokensPerResponse);

    private static double[] Normalized(double[] weights, IReadOnlyList<int> lossTokensPerResponse, ImportanceLevel level)
    {
        var mean = level == ImportanceLevel.Token
            ? TokenStatistics.Of(weights).Mean
            : TokenAdvantages.Responses(lossTokensPerResponse)
                .Where(response => response.Count > 0)
                .Select(response => TokenStatistics.Of(weights.AsSpan(response.Start, response.Count)).Mean)
                .DefaultIfEmpty(1)
                .Average();
        return mean > 0 ? Array.ConvertAll(weights, w => w / mean) : weights;
    }
}

/// <summary>How a rollout that was sampled by another policy than the trainer's is corrected; a step of RL then costs one more forward pass.</summary>
public sealed record RolloutCorrectionOptions
{
    /// <summary>Importance weights of tokens or of responses; null: none.</summary>
    public ImportanceLevel? Level { get; init; } = ImportanceLevel.Token;

    /// <summary>The largest weight.</summary>
    [Bounds(1)]
    public double Cap { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Null: larger weights than the cap are cut to it. Otherwise weights outside [floor, cap] become 0.</summary>
    [Bounds(0, 1)]
    public double? Floor { get; init => field = Options.Checked(this, value); }

    /// <summary>Divide weights by their mean over the batch (over loss tokens, or over responses with loss tokens).</summary>
    public bool BatchNormalize { get; init; }

    /// <summary>What is taken out of the loss: where any of these does not hold.</summary>
    public IReadOnlyList<RejectionRule> Reject { get; init; } = [];
}

/// <summary>What an importance weight of trainer against rollout belongs to.</summary>
public enum ImportanceLevel
{
    /// <summary>Each token has its own ratio.</summary>
    Token,

    /// <summary>All tokens of a response share the product of their ratios.</summary>
    Sequence,
}
