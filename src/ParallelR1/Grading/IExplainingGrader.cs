namespace ParallelR1.Grading;

/// <summary>A grader that can say how it came to its verdict.</summary>
public interface IExplainingGrader : IAnswerGrader
{
    /// <summary>Grades one response and keeps what the verdict rests on.</summary>
    GradeExplanation Explain(string response, string answer);
}
