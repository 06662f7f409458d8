namespace ParallelR1.Grading;

/// <summary>Compares the answer in a response with the gold answer. Graders keep no state between calls and may be used from several threads.</summary>
public interface IAnswerGrader
{
    /// <summary>Grades one response.</summary>
    /// <param name="response">The whole text of the response.</param>
    /// <param name="answer">The gold answer, LaTeX or plain.</param>
    Grade Grade(string response, string answer);
}
