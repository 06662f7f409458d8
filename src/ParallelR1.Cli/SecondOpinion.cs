using ParallelR1.Grading;

namespace ParallelR1.Cli;

/// <summary>Asks another grader too, and counts what it says; the first one's word holds.</summary>
internal sealed class SecondOpinion(IAnswerGrader first, IAnswerGrader second) : IAnswerGrader
{
    /// <summary>Responses graded.</summary>
    public int Graded { get; private set; }

    /// <summary>Responses that the second grader finds correct.</summary>
    public int Correct { get; private set; }

    /// <summary>Responses that one grader finds correct and the other does not.</summary>
    public int Disagreements { get; private set; }

    public Grade Grade(string response, string answer)
    {
        var (grade, other) = (first.Grade(response, answer), second.Grade(response, answer));
        Graded++;
        Correct += other.IsCorrect ? 1 : 0;
        Disagreements += grade.IsCorrect != other.IsCorrect ? 1 : 0;
        return grade;
    }
}
