using ParallelR1.Thinking;

namespace ParallelR1.Rewards;

/// <summary>The inputs of the reward formulas; expensive ones are computed when a formula first reads them.</summary>
internal sealed class RewardInput(string textWithTags, bool correct, bool hasAnswer, long step)
{
    private bool? _wellFormed;
    private double? _selfBleu;
    private Efficiency? _efficiency;

    public bool Correct => correct;

    public bool HasAnswer => hasAnswer;

    /// <summary>Gets +1 if the answer is correct, else −1.</summary>
    public double Sign => correct ? 1 : -1;

    /// <summary>Gets the number of literal <c>&lt;Parallel&gt;</c> tags.</summary>
    public int Parallel { get; } = TagScanner.Scan(textWithTags).Count(tag => tag == ThinkingTag.ParallelOpen);

    public bool WellFormed => _wellFormed ??= FormatValidator.Check(textWithTags).IsValid;

    /// <summary>Gets whether the response has at least one block and is well-formed.</summary>
    public bool ParallelInForm => Parallel > 0 && WellFormed;

    public double SelfBleu => _selfBleu ??= Rewards.SelfBleu.Average(textWithTags);

    public bool EfficiencyWasAsked => _efficiency is not null;

    public Efficiency Efficiency => _efficiency ??= Efficiency.Of(textWithTags);

    public double Decay => Math.Exp(-step / 50.0);

    public long Step => step;

    /// <summary>Gets one of three rewards.</summary>
    /// <param name="parallel">The reward of a correct, well-formed response with at least one block.</param>
    /// <param name="plain">The reward of a correct response without a block.</param>
    /// <param name="wrong">The reward of all other responses.</param>
    public double Tiered(double parallel, double plain, double wrong) =>
        !correct ? wrong : Parallel == 0 ? plain : WellFormed ? parallel : wrong;
}
