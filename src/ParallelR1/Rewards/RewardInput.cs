using ParallelR1.Thinking;

namespace ParallelR1.Rewards;

/// <summary>What the reward formulas look at; what costs time is worked out when a formula asks for it.</summary>
internal sealed class RewardInput(string textWithTags, bool correct, bool hasAnswer, long step)
{
    private bool? _wellFormed;
    private double? _selfBleu;
    private Efficiency? _efficiency;

    public bool Correct => correct;

    public bool HasAnswer => hasAnswer;

    /// <summary>+1 or −1.</summary>
    public double Sign => correct ? 1 : -1;

    /// <summary>Literal <c>&lt;Parallel&gt;</c> tags.</summary>
    public int Parallel { get; } = TagScanner.Scan(textWithTags).Count(tag => tag == ThinkingTag.ParallelOpen);

    public bool WellFormed => _wellFormed ??= FormatValidator.Check(textWithTags).IsValid;

    /// <summary>At least one block, and all in good form.</summary>
    public bool ParallelInForm => Parallel > 0 && WellFormed;

    public double SelfBleu => _selfBleu ??= Rewards.SelfBleu.Average(textWithTags);

    public bool EfficiencyWasAsked => _efficiency is not null;

    public Efficiency Efficiency => _efficiency ??= Efficiency.Of(textWithTags);

    public double Decay => Math.Exp(-step / 50.0);

    public long Step => step;

    /// <summary>Correct with blocks in good form, correct without a block, anything else.</summary>
    public double Tiered(double parallel, double plain, double wrong) =>
        !correct ? wrong : Parallel == 0 ? plain : WellFormed ? parallel : wrong;
}
