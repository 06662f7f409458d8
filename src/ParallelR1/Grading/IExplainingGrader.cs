namespace ParallelR1.Grading;

/// <summary>A grader that can say how it came to its verdict.</summary>
public interface IExplainingGrader : IAnswerGrader
{
    /// <summary>Grades one response and keeps what the verdict rests on.</summary>
    GradeExplanation Explain(string response, string answer);
}

/// <summary>How a grader came to its verdict.</summary>
/// <param name="Grade">The verdict.</param>
/// <param name="Source">Where the answer was found: <c>final_answer_line</c>, <c>boxed</c>, <c>phrase</c>, <c>last_number</c> or <c>none</c>.</param>
/// <param name="NormalisedResponse">The answer of the response as it was compared; null where there is none.</param>
/// <param name="NormalisedAnswer">The gold answer as it was compared.</param>
/// <param name="Rule">What decided.</param>
public sealed record GradeExplanation(Grade Grade, string Source, string? NormalisedResponse, string NormalisedAnswer, string Rule);

/// <summary>Removes the six tags from the response before another grader sees it.</summary>
internal sealed class TagStrippingGrader(IExplainingGrader inner) : IExplainingGrader
{
    public Grade Grade(string response, string answer) => inner.Grade(TagText.Strip(response), answer);

    public GradeExplanation Explain(string response, string answer) => inner.Explain(TagText.Strip(response), answer);
}
