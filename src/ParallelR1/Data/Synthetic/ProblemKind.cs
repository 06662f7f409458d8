namespace ParallelR1.Data.Synthetic;

/// <summary>A family of problems.</summary>
internal abstract class ProblemKind
{
    protected const string StepByStep = "Step by step";
    protected const string Regrouped = "Regrouped";
    protected const string LowEnd = "From the low end";
    protected const string HighEnd = "From the high end";

    public abstract string Name { get; }

    /// <summary>Kinds of one family with equal numbers are one problem, and belong to one split.</summary>
    public string Family { get => field ?? Name; init; }

    public abstract SyntheticDifficulty Difficulty { get; }

    /// <summary>Draws a problem; null when the drawn numbers make none (then it is drawn again under another key).</summary>
    public abstract Draft? Draw(Draws draws);
}
