namespace ParallelR1.Data;

/// <summary>What <see cref="ProblemCleaner"/> leaves out.</summary>
public sealed record CleaningOptions
{
    /// <summary>Leave out problems whose text is visibly cut.</summary>
    public bool RejectCut { get; init; } = true;

    /// <summary>Leave out problems longer than this many characters; null: however long.</summary>
    public int? MaxCharacters { get; init; } = 8000;
}
