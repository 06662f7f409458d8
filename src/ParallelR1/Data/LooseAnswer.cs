using ParallelR1.Grading;

namespace ParallelR1.Data;

/// <summary>Whether two gold answers say the same.</summary>
internal static class LooseAnswer
{
    private static readonly SemanticGrader s_grader = new();

    /// <summary>Equal in spelling, white space aside, or in value, as the semantic grader sees it; what it cannot decide is not the same.</summary>
    public static bool Same(string one, string other) =>
        Compact(one) == Compact(other) || IsRight(one, other) || IsRight(other, one);

    /// <summary>A text with each run of white space as one blank.</summary>
    public static string Compact(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // In a box, so that the answer is the whole text and not what a sentence ends in. Braces that do not balance cannot be boxed.
    private static bool IsRight(string response, string answer) =>
        !BoxedAnswer.IsCut(response) && !BoxedAnswer.IsCut(answer) && s_grader.Grade($"\\boxed{{{response}}}", answer).Verdict == Verdict.Correct;
}
