using ParallelR1.Data;
using ParallelR1.Generation;
using ParallelR1.Grading;
using ParallelR1.Rewards;
using ParallelR1.Thinking;

namespace ParallelR1.Training;

/// <summary>A response of a rollout, graded.</summary>
/// <param name="Problem">What was asked.</param>
/// <param name="Group">Index of the prompt within the step.</param>
/// <param name="Result">What the engine returned.</param>
/// <param name="Text">The response with tags, without end-of-text.</param>
/// <param name="Reward">What it is worth.</param>
/// <param name="Layout">Its structure, prompt included.</param>
/// <param name="Opinion">What the semantic grader says, whatever the reward asks: for the log only.</param>
internal sealed record Rollout(Problem Problem, int Group, GenerationResult Result, string Text, RewardResult Reward, TraceLayout Layout, Verdict Opinion)
{
    /// <summary>Prompt and response.</summary>
    public int[] Ids => [.. Result.Prompt, .. Result.Ids];
}
