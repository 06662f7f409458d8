namespace ParallelR1.Grading;

/// <summary>Compares the answer in a response with the gold answer. Graders keep no state between calls and may be used from several threads.</summary>
public interface IAnswerGrader
{
    /// <summary>Grades one response.</summary>
    /// <param name="response">The whole text of the response.</param>
    /// <param name="answer">The gold answer, LaTeX or plain.</param>
    Grade Grade(string response, string answer);
}

/// <summary>A verdict and what it rests on.</summary>
/// <param name="Verdict">What was found.</param>
/// <param name="Extracted">The answer taken from the response (for the strict graders: the normalised prediction), or null where there is none.</param>
public readonly record struct Grade(Verdict Verdict, string? Extracted)
{
    /// <summary>Whether the answer is right; an undecided or absent one is not.</summary>
    public bool IsCorrect => Verdict == Verdict.Correct;
}

/// <summary>What a grader found.</summary>
public enum Verdict
{
    /// <summary>The answer is the gold answer.</summary>
    Correct,

    /// <summary>There is an answer, and it is another one.</summary>
    Wrong,

    /// <summary>The response holds no answer.</summary>
    NoAnswer,

    /// <summary>The answer was not understood, or the budget of steps ended before the comparison did; counts as not correct.</summary>
    Undecided,
}
