using ParallelR1.Generation;
using ParallelR1.Grading;

namespace ParallelR1.Evaluation;

/// <summary>A response and what was found about it.</summary>
internal sealed record JudgedResponse(
    string Text, Grade Grade, int Blocks, bool WellFormed, int Tokens, int CriticalPath, double[] BlockPositions, FinishReason Finish)
{
    public string VerdictText => Grade.Verdict switch
    {
        Verdict.Correct => "correct",
        Verdict.NoAnswer => "no_answer",
        Verdict.Undecided => "undecided",
        _ => "wrong",
    };
}
