namespace ParallelR1.Training.Policy;

/// <summary>Statistics of importance weights.</summary>
/// <param name="Mean">Mean over loss tokens.</param>
/// <param name="Max">Maximum weight; for weights of responses, before truncation.</param>
/// <param name="Min">Minimum weight; for weights of responses, before truncation.</param>
/// <param name="Deviation">Population standard deviation over loss tokens.</param>
/// <param name="EffectiveSampleShare">Effective sample size as a share of the tokens, (Σw)² / (n·Σw²): 1 if all weights are equal.</param>
/// <param name="FractionHigh">Share of tokens (or responses) whose weight was above the cap before truncation.</param>
/// <param name="FractionLow">Share of tokens (or responses) whose weight was below the floor, or below 1/cap without a floor, before truncation.</param>
/// <param name="FractionZero">Share of tokens whose weight is 0.</param>
public sealed record WeightSummary(
    double Mean, double Max, double Min, double Deviation, double EffectiveSampleShare, double FractionHigh, double FractionLow, double FractionZero)
{
    internal static WeightSummary Of(
        double[] raw, double[] weights, IReadOnlyList<int> lossTokensPerResponse, ImportanceLevel level, double low, double high)
    {
        if (weights.Length == 0)
            return new WeightSummary(0, 0, 0, 0, 0, 0, 0, 0);
        var perResponse = level == ImportanceLevel.Sequence;
        double[] judged = perResponse
            ? [.. TokenAdvantages.Responses(lossTokensPerResponse).Select(response => response.Count > 0 ? raw[response.Start] : 1)]
            : raw;
        var extremes = perResponse ? raw : weights;
        var (mean, square) = (TokenStatistics.Of(weights).Mean, TokenStatistics.Of(Array.ConvertAll(weights, w => w * w)).Mean);
        return new WeightSummary(
            mean,
            extremes.Max(),
            extremes.Min(),
            Math.Sqrt(Math.Max(0, square - mean * mean)),
            square > 0 ? (mean + TokenStatistics.Epsilon) * (mean + TokenStatistics.Epsilon) / square : 0,
            judged.Average(w => w > high ? 1.0 : 0),
            judged.Average(w => w < low ? 1.0 : 0),
            weights.Average(w => w == 0 ? 1.0 : 0));
    }
}
