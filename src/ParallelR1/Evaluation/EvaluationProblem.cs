namespace ParallelR1.Evaluation;

/// <summary>A problem with its gold answer.</summary>
public sealed record EvaluationProblem(string Id, string Problem, string Answer);
