using ParallelR1.Grading;

namespace ParallelR1.Rewards;

/// <summary>Scores responses with a reward method of a family and, optionally, a schedule over steps.</summary>
public sealed class RewardFunction
{
    private const string Invalid = "[INVALID]";

    private readonly RewardOptions _options;
    private readonly Func<RewardInput, double> _formula;
    private readonly Func<string, string, Grade> _grade;

    /// <summary>Creates a reward function.</summary>
    /// <param name="options">Family, method, schedule and grader.</param>
    /// <exception cref="UsageException">The method or the grader does not exist.</exception>
    public RewardFunction(RewardOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _formula = RewardMethods.ByName(options.Family, options.Method);
        _grade = options switch
        {
            { Grader: { } name } => Graders.ByName(name).Grade,
            { Family: RewardFamily.Math } => new StrictMathGrader().Grade,
            // The released methods differ here: plain accuracy takes the last answer, all others the first.
            { Method: "accuracy_reward", Schedule: null } => new StrictGsm8kGrader().Grade,
            _ => StrictGsm8kGrader.GradeFirst,
        };
    }

    /// <summary>Gets the names of the methods of a family.</summary>
    /// <param name="family">The family.</param>
    public static IReadOnlyCollection<string> Methods(RewardFamily family) => RewardMethods.Names(family);

    /// <summary>Gets the family that the code of the Parallel-R1 paper chooses for a data source; null if it chooses none.</summary>
    /// <param name="dataSource">The name of the data source, such as <c>openai/gsm8k</c>; case-sensitive.</param>
    public static RewardFamily? FamilyOf(string dataSource)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        if (dataSource.Contains("GSM8k", StringComparison.Ordinal) || dataSource == "openai/gsm8k")
            return RewardFamily.Gsm8k;
        return dataSource.Contains("APO", StringComparison.Ordinal) || dataSource.StartsWith("aime", StringComparison.Ordinal)
            || dataSource is "math_dapo" or "HuggingFaceH4/MATH"
            ? RewardFamily.Math
            : null;
    }

    /// <summary>Scores one response.</summary>
    /// <param name="textWithTags">The response decoded with special tokens, in which tags are searched for.</param>
    /// <param name="textWithoutTags">The response decoded without special tokens, in which the answer is searched for.</param>
    /// <param name="groundTruth">The gold answer.</param>
    /// <param name="step">The RL step, from 1; 0 is the validation before training.</param>
    /// <returns>The reward and what it is based on.</returns>
    public RewardResult Score(string textWithTags, string textWithoutTags, string groundTruth, long step)
    {
        ArgumentNullException.ThrowIfNull(textWithTags);
        var grade = _grade(textWithoutTags, groundTruth);
        var input = new RewardInput(textWithTags, grade.IsCorrect, grade.Verdict != Verdict.NoAnswer, step);
        var score = _options.Schedule is { } schedule && !schedule.IsAccuracyStep(step)
            ? RewardMethods.Tiered(input, schedule.Tiers)
            : _formula(input);
        var prediction = grade.Extracted ?? (_options.Family == RewardFamily.Math ? Invalid : null);
        return new RewardResult(
            score, grade.IsCorrect, prediction, input.Parallel, input.WellFormed, input.EfficiencyWasAsked ? input.Efficiency : null);
    }
}

/// <summary>The reward of a response and what it is based on.</summary>
/// <param name="Score">The reward.</param>
/// <param name="Correct">Whether the grader accepted the answer.</param>
/// <param name="Prediction">The answer that the grader extracted; if it found none, <c>[INVALID]</c> in the math family and null in the other.</param>
/// <param name="Parallel">Number of literal <c>&lt;Parallel&gt;</c> tags.</param>
/// <param name="WellFormed">Whether the response passes <see cref="Thinking.FormatValidator"/>.</param>
/// <param name="Efficiency">Word counts and the share of words saved; null if the method does not use them.</param>
public sealed record RewardResult(double Score, bool Correct, string? Prediction, int Parallel, bool WellFormed, Efficiency? Efficiency);
