namespace ParallelR1.Grading;

/// <summary>A verdict and what it rests on.</summary>
/// <param name="Verdict">What was found.</param>
/// <param name="Extracted">The answer taken from the response (for the strict graders: the normalised prediction), or null where there is none.</param>
public readonly record struct Grade(Verdict Verdict, string? Extracted)
{
    /// <summary>Whether the answer is right; an undecided or absent one is not.</summary>
    public bool IsCorrect => Verdict == Verdict.Correct;
}
