namespace ParallelR1.Data.Synthetic;

/// <summary>A kind of problem: draws its numbers and words, and solves it in two ways.</summary>
internal abstract class ProblemKind
{
    protected const string StepByStep = "Step by step";
    protected const string Regrouped = "Regrouped";
    protected const string LowEnd = "From the low end";
    protected const string HighEnd = "From the high end";

    public abstract string Name { get; }

    /// <summary>Gets the family; kinds of one family with equal numbers count as the same problem and fall into the same split.</summary>
    public string Family { get => field ?? Name; init; }

    public abstract SyntheticDifficulty Difficulty { get; }

    /// <summary>Draws a problem; null when the drawn numbers are unsuitable, and the caller draws again with another key.</summary>
    public abstract Draft? Draw(Draws draws);
}
