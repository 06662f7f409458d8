using System.Globalization;
using System.Text.Json.Serialization;
using ParallelR1.Evaluation;
using ParallelR1.Runs;
using ParallelR1.Training.Policy;

namespace ParallelR1.Training;

/// <summary>Metrics of a step of supervised fine-tuning.</summary>
/// <param name="Loss">Mean loss over the tokens of responses.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="GradNorm">Norm of the gradient before clipping.</param>
/// <param name="Skipped">Whether the update was skipped because the gradient was not finite.</param>
/// <param name="Tokens">Number of computed tokens, of prompts and responses.</param>
/// <param name="LossTokens">Number of tokens that carry loss.</param>
/// <param name="TokensPerSecond">Computed tokens per second.</param>
/// <param name="Seconds">Duration in seconds by phase.</param>
public sealed record SupervisedMetrics(
    [property: JsonPropertyName(MetricNames.Loss)] double Loss,
    [property: JsonPropertyName(MetricNames.LearningRate)] double LearningRate,
    [property: JsonPropertyName(MetricNames.GradNorm)] double GradNorm,
    bool Skipped,
    int Tokens,
    int LossTokens,
    [property: JsonPropertyName(MetricNames.TokensPerSecond)] double TokensPerSecond,
    [property: JsonPropertyName(MetricNames.Seconds)] IReadOnlyDictionary<string, double> Seconds) : RunMetrics(MetricNames.Train)
{
    /// <inheritdoc/>
    public override string Describe() => $"loss {Loss:0.000}, {TokensPerSecond:0} tokens/s";
}

/// <summary>Metrics of a validation: the loss on held-out examples.</summary>
/// <param name="ValidationLoss">Mean loss over the tokens of responses.</param>
public sealed record ValidationMetrics(
    [property: JsonPropertyName(MetricNames.ValidationLoss)] double ValidationLoss) : RunMetrics(MetricNames.Validation)
{
    /// <inheritdoc/>
    public override string Describe() => $"validation loss {ValidationLoss:0.0000}";
}

/// <summary>Metrics of the structure of responses, for training and evaluation. Shares are of the responses.</summary>
public abstract record ResponseMetrics : RunMetrics
{
    private protected ResponseMetrics(string kind, ResponseCounts counts)
        : base(kind)
    {
        double responses = counts.Responses;
        ParallelRatio = counts.WithBlock / responses;
        WellFormedRatio = counts.WellFormed / responses;
        CutByLength = counts.CutByLength / responses;
        Blocks = counts.Blocks / responses;
        BlockPosition = counts.BlockPosition;
        PathsDiffer = counts.Figures.PathsDiffer;
        PathOracle = counts.Figures.PathOracle;
        SummaryTakesRight = counts.Figures.SummaryTakesRight;
        PathAgreement = counts.Figures.PathAgreement;
        VerificationRatio = counts.Figures.VerificationRatio;
        TokensTotal = counts.TokensTotal;
        TokensCriticalPath = counts.TokensCriticalPath;
    }

    /// <summary>Share of responses with at least one block.</summary>
    [JsonPropertyName(MetricNames.ParallelRatio)]
    public double ParallelRatio { get; init; }

    /// <summary>Share of responses that have at least one block and are well-formed.</summary>
    [JsonPropertyName(MetricNames.WellFormedRatio)]
    public double WellFormedRatio { get; init; }

    /// <summary>Duration in seconds by phase.</summary>
    [JsonPropertyName(MetricNames.Seconds)]
    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    /// <summary>Share of responses that were cut off at their token budget.</summary>
    [JsonPropertyName(MetricNames.CutByLength)]
    public double CutByLength { get; init; }

    /// <summary>Mean number of blocks per response.</summary>
    [JsonPropertyName(MetricNames.Blocks)]
    public double Blocks { get; init; }

    /// <summary>Mean, over blocks, of the index of <c>&lt;Parallel&gt;</c> divided by the length of the response; null if there are no blocks.</summary>
    [JsonPropertyName(MetricNames.BlockPosition)]
    public double? BlockPosition { get; init; }

    /// <summary>Share of blocks whose paths are not all the same text; null if there are no blocks.</summary>
    [JsonPropertyName(MetricNames.PathsDiffer)]
    public double? PathsDiffer { get; init; }

    /// <summary>Share of blocks in which a path arrives at the correct answer; null if there are no blocks.</summary>
    [JsonPropertyName(MetricNames.PathOracle)]
    public double? PathOracle { get; init; }

    /// <summary>Share of these blocks whose summary states that answer too; null if there are none.</summary>
    [JsonPropertyName(MetricNames.SummaryTakesRight)]
    public double? SummaryTakesRight { get; init; }

    /// <summary>Mean, over blocks, of the share of pairs of paths that arrive at the same answer; null if there are no blocks.</summary>
    [JsonPropertyName(MetricNames.PathAgreement)]
    public double? PathAgreement { get; init; }

    /// <summary>Share of blocks that verify an answer given before them; null if there are no blocks.</summary>
    [JsonPropertyName(MetricNames.VerificationRatio)]
    public double? VerificationRatio { get; init; }

    /// <summary>Number of tokens of all responses.</summary>
    [JsonPropertyName(MetricNames.TokensTotal)]
    public long TokensTotal { get; init; }

    /// <summary>Number of tokens on the critical paths of all responses, which contain only the longest path of each block.</summary>
    [JsonPropertyName(MetricNames.TokensCriticalPath)]
    public long TokensCriticalPath { get; init; }
}

/// <summary>The counts that <see cref="ResponseMetrics"/> are computed from: numbers of responses, of their blocks and of their tokens.</summary>
internal readonly record struct ResponseCounts(
    int Responses, int WithBlock, int WellFormed, int CutByLength, int Blocks, double? BlockPosition, BlockFigures Figures, long TokensTotal, long TokensCriticalPath);

/// <summary>Metrics of an evaluation on a suite during training.</summary>
public sealed record EvaluationMetrics : ResponseMetrics
{
    internal EvaluationMetrics(SuiteResult result)
        : base(MetricNames.Evaluation, new ResponseCounts(
            result.Responses, result.WithBlock, result.WellFormed, result.CutByLength, result.Blocks, result.BlockPosition, result.Figures, result.TokensTotal, result.TokensCriticalPath))
    {
        (Suite, Problems, Samples) = (result.Name, result.Correct.Count, result.Samples);
        (MeanAtK, PassAtK) = (result.MeanAtK, result.PassAtK);
        Seconds = new Dictionary<string, double> { ["evaluation"] = result.WallSeconds };
    }

    /// <summary>Name of the suite.</summary>
    [JsonPropertyName(MetricNames.Suite)]
    public string Suite { get; init; }

    /// <summary>Number of problems.</summary>
    public int Problems { get; init; }

    /// <summary>Number of responses to each problem, the k of mean@k and pass@k.</summary>
    public int Samples { get; init; }

    /// <summary>Mean share of correct responses (mean@k).</summary>
    [JsonPropertyName(MetricNames.MeanAtK)]
    public double MeanAtK { get; init; }

    /// <summary>Share of problems with at least one correct response (pass@k).</summary>
    public double PassAtK { get; init; }

    /// <inheritdoc/>
    public override string Describe() => $"{Suite} mean@{Samples} {MeanAtK:P1}, pass@{Samples} {PassAtK:P1}, parallel {ParallelRatio:P1}";
}

/// <summary>Metrics of an RL step. Shares are of its responses.</summary>
public sealed record PolicyMetrics : ResponseMetrics
{
    internal PolicyMetrics(ResponseCounts counts)
        : base(MetricNames.Train, counts)
    {
    }

    /// <inheritdoc/>
    public override string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"reward {Reward:0.00} ± {RewardDeviation:0.00}, accuracy {Accuracy:0.00}, parallel {ParallelRatio:0.00}, {ResponseTokens:0} tokens, Δlog p {LogProbDifference:0.0e+0}, {TokensPerSecond:0} tokens/s");

    /// <summary>Mean reward.</summary>
    [JsonPropertyName(MetricNames.Reward)]
    public double Reward { get; init; }

    /// <summary>Standard deviation of the rewards.</summary>
    public double RewardDeviation { get; init; }

    /// <summary>Share of responses that the reward's grader finds correct.</summary>
    [JsonPropertyName(MetricNames.Accuracy)]
    public double Accuracy { get; init; }

    /// <summary>Share of responses that the semantic grader cannot decide.</summary>
    public double UndecidedRatio { get; init; }

    /// <summary>Share of responses on which the reward's grader and the semantic grader disagree.</summary>
    public double GraderDisagreement { get; init; }

    /// <summary>Mean number of tokens of a response.</summary>
    [JsonPropertyName(MetricNames.ResponseTokens)]
    public double ResponseTokens { get; init; }

    /// <summary>Number of tokens of the longest response.</summary>
    public int ResponseTokensMax { get; init; }

    /// <summary>Mean probability of the banned tokens in the full softmax, over sampled tokens.</summary>
    public double BannedMass { get; init; }

    /// <summary>Number of groups of equal rewards, which have no advantage.</summary>
    public int GroupsWithoutSpread { get; init; }

    /// <summary>Number of rounds of generation; null without dynamic sampling.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SamplingRounds { get; init; }

    /// <summary>Number of generated responses, including those left out; null without dynamic sampling.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ResponsesGenerated { get; init; }

    /// <summary>Mean loss over the updates.</summary>
    [JsonPropertyName(MetricNames.Loss)]
    public double Loss { get; init; }

    /// <summary>Number of tokens that carry loss, over all updates.</summary>
    public int LossTokens { get; init; }

    /// <summary>Number of loss tokens that were computed, those of responses with an advantage.</summary>
    public int ScoredTokens { get; init; }

    /// <summary>Mean entropy over the computed loss tokens in nats; null if there were none.</summary>
    [JsonPropertyName(MetricNames.Entropy)]
    public double? Entropy { get; init; }

    /// <summary>Share of loss tokens whose loss was clipped.</summary>
    [JsonPropertyName(MetricNames.ClipFraction)]
    public double ClipFraction { get; init; }

    /// <summary>Share of loss tokens whose loss was changed by the dual clip.</summary>
    public double ClipFractionLower { get; init; }

    /// <summary>Mean gradient norm over the updates, before clipping.</summary>
    [JsonPropertyName(MetricNames.GradNorm)]
    public double GradNorm { get; init; }

    /// <summary>Number of updates that were skipped because their gradient was not finite.</summary>
    public int Skipped { get; init; }

    /// <summary>Mean |log p(rollout) − log p(trainer)| before the step's first update; null if nothing was scored.</summary>
    [JsonPropertyName(MetricNames.LogProbDifference)]
    public double? LogProbDifference { get; init; }

    /// <summary>Maximum |log p(rollout) − log p(trainer)| before the step's first update; null if nothing was scored.</summary>
    [JsonPropertyName(MetricNames.LogProbDifferenceMax)]
    public double? LogProbDifferenceMax { get; init; }

    /// <summary>The learning rate.</summary>
    [JsonPropertyName(MetricNames.LearningRate)]
    public double LearningRate { get; init; }

    /// <summary>Sampled tokens per second.</summary>
    [JsonPropertyName(MetricNames.TokensPerSecond)]
    public double TokensPerSecond { get; init; }

    /// <summary>Difference of rollouts and trainer; null without a correction of rollouts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RolloutMismatch? RolloutMismatch { get; init; }

    /// <summary>Statistics of importance weights; null without them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WeightSummary? ImportanceWeights { get; init; }

    /// <summary>Share of loss tokens that the correction of rollouts excludes; null without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? RejectedRatio { get; init; }

    /// <summary>Mean KL divergence from the reference policy over the computed loss tokens, in nats; null if the loss has no KL term.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Kl { get; init; }
}
