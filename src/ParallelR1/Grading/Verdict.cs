namespace ParallelR1.Grading;

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
