namespace ParallelR1.Grading;

/// <summary>Removes the six tags from the response before another grader sees it.</summary>
internal sealed class TagStrippingGrader(IExplainingGrader inner) : IExplainingGrader
{
    public Grade Grade(string response, string answer) => inner.Grade(TagText.Strip(response), answer);

    public GradeExplanation Explain(string response, string answer) => inner.Explain(TagText.Strip(response), answer);
}
