namespace ParallelR1.Rewards;

/// <summary>What a response was worth, and why.</summary>
/// <param name="Score">The reward.</param>
/// <param name="Correct">Whether the grader took the answer.</param>
/// <param name="Prediction">The answer the grader found; <c>[INVALID]</c> in the math family, null in the other, where there is none.</param>
/// <param name="Parallel">Literal <c>&lt;Parallel&gt;</c> tags.</param>
/// <param name="WellFormed">Whether the response passes <see cref="Thinking.FormatValidator"/>.</param>
/// <param name="Efficiency">Words saved, where the method looks at it.</param>
public sealed record RewardResult(double Score, bool Correct, string? Prediction, int Parallel, bool WellFormed, Efficiency? Efficiency);
