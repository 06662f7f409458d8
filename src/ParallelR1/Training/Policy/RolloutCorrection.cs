namespace ParallelR1.Training.Policy;

/// <summary>
/// Corrects for a rollout whose probabilities differ from the trainer's: truncated importance sampling (Ionides 2008; Yao et al. 2025, "Your
/// efficient RL framework secretly brings you off-policy RL training") and rejection. Values are flat, response after response, of loss
/// tokens only.
/// </summary>
/// <param name="Weights">The factor on the loss of each token; 1 for all without importance weights.</param>
/// <param name="Kept">Whether each token stays in the loss.</param>
/// <param name="Summary">Statistics of the weights before normalization; null without importance weights.</param>
internal sealed record RolloutCorrection(double[] Weights, bool[] Kept, WeightSummary? Summary)
{
    private const double LogRatioClamp = 20;

    /// <summary>Computes weights and kept tokens of a batch.</summary>
    /// <param name="trainerLogProb">Log-probabilities as scored by the trainer before the update.</param>
    /// <param name="rolloutLogProb">Log-probabilities as sampled by the rollout.</param>
    /// <param name="lossTokensPerResponse">Number of loss tokens of each response.</param>
    /// <param name="options">The correction.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="UsageException">The limits of a rejection rule are inconsistent.</exception>
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

/// <summary>Options for correcting rollouts that were sampled by another policy than the trainer's. The correction costs one more forward pass per RL step.</summary>
public sealed record RolloutCorrectionOptions
{
    /// <summary>Level of the importance weights, <see cref="ImportanceLevel.Token"/> by default; null for no weights.</summary>
    public ImportanceLevel? Level { get; init; } = ImportanceLevel.Token;

    /// <summary>Maximum weight, 2 by default.</summary>
    [Bounds(1)]
    public double Cap { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Minimum weight: if set, weights outside of [floor, cap] become 0; if null (the default), weights above the cap are truncated to it.</summary>
    [Bounds(0, 1)]
    public double? Floor { get; init => field = Options.Checked(this, value); }

    /// <summary>Whether weights are divided by their mean over the batch (over loss tokens, or over responses with loss tokens).</summary>
    public bool BatchNormalize { get; init; }

    /// <summary>Rejection rules; a token is excluded from the loss if any rule rejects it. None by default.</summary>
    public IReadOnlyList<RejectionRule> Reject { get; init; } = [];
}

/// <summary>The level at which probability ratios trainer/rollout become importance weights.</summary>
public enum ImportanceLevel
{
    /// <summary>The weight of a token is its own ratio.</summary>
    Token,

    /// <summary>The weight of all tokens of a response is the product of their ratios.</summary>
    Sequence,
}
