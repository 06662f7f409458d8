namespace ParallelR1.Training.Recipes;

/// <summary>What is measured during and after a run.</summary>
public sealed record EvaluationRecipe
{
    /// <summary>Steps between two evaluations; 0: only at the end.</summary>
    [Bounds(0, int.MaxValue)]
    public int Every { get; init; }

    /// <summary>Which grader says what is correct.</summary>
    public string Grader { get; init; } = "strict";

    /// <summary>The suites; none: no evaluation.</summary>
    public IReadOnlyList<SuiteRecipe> Suites { get; init; } = [];
}
