namespace ParallelR1.Training.Policy;

/// <summary>Measures of how far the rollout's probabilities are from the trainer's, over the loss tokens of a batch.</summary>
/// <param name="Kl">Mean of log p(rollout) − log p(trainer), an estimate of KL(rollout ‖ trainer) that can be negative.</param>
/// <param name="K3Kl">Mean of exp(l) − l − 1 with l = log p(trainer) − log p(rollout), an estimate of the same that is never negative.</param>
/// <param name="MeanAbsolute">Mean of |l|.</param>
/// <param name="MaxAbsolute">Maximum of |l|.</param>
/// <param name="TrainerPerplexity">Mean over responses of the response's perplexity under the trainer.</param>
/// <param name="RolloutPerplexity">Mean over responses of the response's perplexity under the rollout.</param>
/// <param name="TrainerLogPerplexity">Mean over responses of the response's log-perplexity under the trainer.</param>
/// <param name="RolloutLogPerplexity">Mean over responses of the response's log-perplexity under the rollout.</param>
/// <param name="PerplexityRatio">Mean over responses of the trainer's perplexity over the rollout's.</param>
/// <param name="LogPerplexityGap">Mean over responses of the absolute difference of the log-perplexities.</param>
/// <param name="ChiSquareToken">Mean of ρ² − 1 over tokens, ρ = exp(l).</param>
/// <param name="ChiSquareSequence">Mean of ρ² − 1 over responses, with ρ the product over the response's tokens.</param>
public sealed record RolloutMismatch(
    double Kl,
    double K3Kl,
    double MeanAbsolute,
    double MaxAbsolute,
    double TrainerPerplexity,
    double RolloutPerplexity,
    double TrainerLogPerplexity,
    double RolloutLogPerplexity,
    double PerplexityRatio,
    double LogPerplexityGap,
    double ChiSquareToken,
    double ChiSquareSequence)
{
    private const double LogRatioClamp = 20;

    /// <summary>Measures a batch. Values are flat, response after response; a response without loss tokens counts as a response of perplexity 1.</summary>
    /// <param name="trainerLogProb">Log-probabilities as scored by the trainer.</param>
    /// <param name="rolloutLogProb">Log-probabilities as sampled by the rollout.</param>
    /// <param name="lossTokensPerResponse">Number of loss tokens of each response.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there are no loss tokens.</exception>
    internal static RolloutMismatch Measure(
        ReadOnlySpan<double> trainerLogProb, ReadOnlySpan<double> rolloutLogProb, IReadOnlyList<int> lossTokensPerResponse)
    {
        var l = RolloutCorrection.LogRatios(trainerLogProb, rolloutLogProb, lossTokensPerResponse);
        if (l.Length == 0)
            throw new ArgumentException("No response has a loss token.", nameof(lossTokensPerResponse));
        var responses = new List<(double Trainer, double Rollout, double Sum)>();
        foreach (var (_, start, count) in TokenAdvantages.Responses(lossTokensPerResponse))
        {
            var trainer = TokenStatistics.Of(trainerLogProb.Slice(start, count)).Mean;
            var rollout = TokenStatistics.Of(rolloutLogProb.Slice(start, count)).Mean;
            responses.Add((-trainer, -rollout, TokenStatistics.Of(l.AsSpan(start, count)).Sum));
        }

        return new RolloutMismatch(
            l.Average(x => -x),
            l.Average(x => Math.Exp(x) - x - 1),
            l.Average(Math.Abs),
            l.Max(Math.Abs),
            responses.Average(response => Math.Exp(response.Trainer)),
            responses.Average(response => Math.Exp(response.Rollout)),
            responses.Average(response => response.Trainer),
            responses.Average(response => response.Rollout),
            responses.Average(response => Math.Exp(response.Trainer - response.Rollout)),
            responses.Average(response => Math.Abs(response.Trainer - response.Rollout)),
            l.Average(x => ChiSquare(x)),
            responses.Average(response => ChiSquare(response.Sum)));
    }

    private static double ChiSquare(double logRatio) => Math.Exp(2 * Math.Clamp(logRatio, -LogRatioClamp, LogRatioClamp)) - 1;
}
