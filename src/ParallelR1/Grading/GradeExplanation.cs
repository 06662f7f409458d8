namespace ParallelR1.Grading;

/// <summary>How a grader came to its verdict.</summary>
/// <param name="Grade">The verdict.</param>
/// <param name="Source">Where the answer was found: <c>final_answer_line</c>, <c>boxed</c>, <c>phrase</c>, <c>last_number</c> or <c>none</c>.</param>
/// <param name="NormalisedResponse">The answer of the response as it was compared; null where there is none.</param>
/// <param name="NormalisedAnswer">The gold answer as it was compared.</param>
/// <param name="Rule">What decided.</param>
public sealed record GradeExplanation(Grade Grade, string Source, string? NormalisedResponse, string NormalisedAnswer, string Rule);
