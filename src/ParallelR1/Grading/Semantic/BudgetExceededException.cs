namespace ParallelR1.Grading.Semantic;

/// <summary>The budget of a pair has ended; the verdict is then <see cref="Verdict.Undecided"/>.</summary>
internal sealed class BudgetExceededException() : Exception("the budget of this pair has ended");
