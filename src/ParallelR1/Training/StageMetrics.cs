using System.Globalization;
using System.Text.Json.Serialization;
using ParallelR1.Evaluation;
using ParallelR1.Runs;
using ParallelR1.Training.Policy;

namespace ParallelR1.Training;

/// <summary>A step of supervised fine-tuning.</summary>
/// <param name="Loss">Mean loss over the tokens of responses.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="GradNorm">Norm of the gradient before clipping.</param>
/// <param name="Skipped">The gradient was not finite, so there was no update.</param>
/// <param name="Tokens">Tokens that went through the model.</param>
/// <param name="LossTokens">Those of them that carry loss.</param>
/// <param name="TokensPerSecond">Tokens a second.</param>
/// <param name="Seconds">Seconds by phase.</param>
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

/// <summary>The loss on held-out examples.</summary>
/// <param name="ValidationLoss">Mean loss over the tokens of responses.</param>
public sealed record ValidationMetrics(
    [property: JsonPropertyName(MetricNames.ValidationLoss)] double ValidationLoss) : RunMetrics(MetricNames.Validation)
{
    /// <inheritdoc/>
    public override string Describe() => $"validation loss {ValidationLoss:0.0000}";
}

/// <summary>What responses look like, whatever they answer. Shares are of the responses.</summary>
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

    /// <summary>Share with at least one block.</summary>
    [JsonPropertyName(MetricNames.ParallelRatio)]
    public double ParallelRatio { get; init; }

    /// <summary>Share with at least one block that pass the reward validator.</summary>
    [JsonPropertyName(MetricNames.WellFormedRatio)]
    public double WellFormedRatio { get; init; }

    /// <summary>Seconds by phase.</summary>
    [JsonPropertyName(MetricNames.Seconds)]
    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    /// <summary>Share that ended at its budget.</summary>
    [JsonPropertyName(MetricNames.CutByLength)]
    public double CutByLength { get; init; }

    /// <summary>Mean blocks.</summary>
    [JsonPropertyName(MetricNames.Blocks)]
    public double Blocks { get; init; }

    /// <summary>Mean, over blocks, of the index of <c>&lt;Parallel&gt;</c> over the response's length; null: no blocks.</summary>
    [JsonPropertyName(MetricNames.BlockPosition)]
    public double? BlockPosition { get; init; }

    /// <summary>Share of the blocks whose paths are not all the same text; null: no blocks.</summary>
    [JsonPropertyName(MetricNames.PathsDiffer)]
    public double? PathsDiffer { get; init; }

    /// <summary>Share of the blocks in which a path by itself arrives at the right answer; null: no blocks.</summary>
    [JsonPropertyName(MetricNames.PathOracle)]
    public double? PathOracle { get; init; }

    /// <summary>Share of those blocks whose summary arrives at it too; null: there are none.</summary>
    [JsonPropertyName(MetricNames.SummaryTakesRight)]
    public double? SummaryTakesRight { get; init; }

    /// <summary>Mean, over blocks, of the share of pairs of paths that arrive at the same; null: no blocks.</summary>
    [JsonPropertyName(MetricNames.PathAgreement)]
    public double? PathAgreement { get; init; }

    /// <summary>Share of the blocks that check an answer which already stands before them; null: no blocks.</summary>
    [JsonPropertyName(MetricNames.VerificationRatio)]
    public double? VerificationRatio { get; init; }

    /// <summary>All response tokens.</summary>
    [JsonPropertyName(MetricNames.TokensTotal)]
    public long TokensTotal { get; init; }

    /// <summary>The same, counting only the longest path of each block.</summary>
    [JsonPropertyName(MetricNames.TokensCriticalPath)]
    public long TokensCriticalPath { get; init; }
}

/// <summary>What <see cref="ResponseMetrics"/> are made of: numbers of responses, of their blocks and of their tokens.</summary>
internal readonly record struct ResponseCounts(
    int Responses, int WithBlock, int WellFormed, int CutByLength, int Blocks, double? BlockPosition, BlockFigures Figures, long TokensTotal, long TokensCriticalPath);

/// <summary>A suite, measured in the course of training.</summary>
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

    /// <summary>The suite's name.</summary>
    [JsonPropertyName(MetricNames.Suite)]
    public string Suite { get; init; }

    /// <summary>Its problems.</summary>
    public int Problems { get; init; }

    /// <summary>Responses to each: the k of the next two.</summary>
    public int Samples { get; init; }

    /// <summary>Mean share of correct responses.</summary>
    [JsonPropertyName(MetricNames.MeanAtK)]
    public double MeanAtK { get; init; }

    /// <summary>Share of problems with at least one correct response.</summary>
    public double PassAtK { get; init; }

    /// <inheritdoc/>
    public override string Describe() => $"{Suite} mean@{Samples} {MeanAtK:P1}, pass@{Samples} {PassAtK:P1}, parallel {ParallelRatio:P1}";
}

/// <summary>A step of reinforcement learning. Shares are of its responses.</summary>
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

    /// <summary>Share that the reward's grader finds correct.</summary>
    [JsonPropertyName(MetricNames.Accuracy)]
    public double Accuracy { get; init; }

    /// <summary>Share that the semantic grader cannot decide.</summary>
    public double UndecidedRatio { get; init; }

    /// <summary>Share on which the two graders disagree.</summary>
    public double GraderDisagreement { get; init; }

    /// <summary>Mean tokens.</summary>
    [JsonPropertyName(MetricNames.ResponseTokens)]
    public double ResponseTokens { get; init; }

    /// <summary>Tokens of the longest response.</summary>
    public int ResponseTokensMax { get; init; }

    /// <summary>Mean share of the full softmax that lay on banned tokens where a token was sampled.</summary>
    public double BannedMass { get; init; }

    /// <summary>Groups of equal rewards: they teach nothing.</summary>
    public int GroupsWithoutSpread { get; init; }

    /// <summary>With dynamic sampling: rounds of generation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SamplingRounds { get; init; }

    /// <summary>With dynamic sampling: responses that were generated, those left out too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ResponsesGenerated { get; init; }

    /// <summary>Mean loss of the updates.</summary>
    [JsonPropertyName(MetricNames.Loss)]
    public double Loss { get; init; }

    /// <summary>Tokens that carry loss.</summary>
    public int LossTokens { get; init; }

    /// <summary>Those of them that went through the model: the tokens of responses with an advantage.</summary>
    public int ScoredTokens { get; init; }

    /// <summary>Mean entropy over them in nats; null: there were none.</summary>
    [JsonPropertyName(MetricNames.Entropy)]
    public double? Entropy { get; init; }

    /// <summary>Share of the loss tokens whose loss was clipped.</summary>
    [JsonPropertyName(MetricNames.ClipFraction)]
    public double ClipFraction { get; init; }

    /// <summary>Share of the loss tokens on which the dual clip acted.</summary>
    public double ClipFractionLower { get; init; }

    /// <summary>Mean norm of the updates' gradients before clipping.</summary>
    [JsonPropertyName(MetricNames.GradNorm)]
    public double GradNorm { get; init; }

    /// <summary>Updates that were left out because their gradient was not finite.</summary>
    public int Skipped { get; init; }

    /// <summary>Mean |log p(rollout) − log p(trainer)| before the step's first update; null: nothing was scored.</summary>
    [JsonPropertyName(MetricNames.LogProbDifference)]
    public double? LogProbDifference { get; init; }

    /// <summary>The largest such difference.</summary>
    [JsonPropertyName(MetricNames.LogProbDifferenceMax)]
    public double? LogProbDifferenceMax { get; init; }

    /// <summary>The learning rate.</summary>
    [JsonPropertyName(MetricNames.LearningRate)]
    public double LearningRate { get; init; }

    /// <summary>Tokens sampled a second.</summary>
    [JsonPropertyName(MetricNames.TokensPerSecond)]
    public double TokensPerSecond { get; init; }

    /// <summary>With a correction of rollouts: how far they are from the trainer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RolloutMismatch? RolloutMismatch { get; init; }

    /// <summary>With importance weights: what they look like.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WeightSummary? ImportanceWeights { get; init; }

    /// <summary>With a correction of rollouts: share of the loss tokens that it takes out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? RejectedRatio { get; init; }

    /// <summary>With a divergence in the loss: its mean over the scored tokens, in nats.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Kl { get; init; }
}
