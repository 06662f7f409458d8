namespace ParallelR1.Thinking;

/// <summary>What a validator found in a response.</summary>
/// <param name="Errors">Messages in the order of the text; empty for a valid response.</param>
/// <param name="Paths">For each <c>&lt;Parallel&gt;</c>, in order of opening, the <c>&lt;/Path&gt;</c> tags credited to it.</param>
public sealed record FormatReport(IReadOnlyList<string> Errors, IReadOnlyList<int> Paths)
{
    /// <summary>Whether nothing was found.</summary>
    public bool IsValid => Errors.Count == 0;

    /// <summary>Number of <c>&lt;Parallel&gt;</c> tags.</summary>
    public int Blocks => Paths.Count;
}
