using ParallelR1.Evaluation;
namespace ParallelR1.Training.Recipes;

/// <summary>What is measured during and after a run.</summary>
public sealed record EvaluationRecipe : IRecipeChecks
{
    /// <summary>Steps between two evaluations of the model that learns; 0: none while it learns.</summary>
    [Bounds(0, int.MaxValue)]
    public int Every { get; init; }

    /// <summary>Which grader says what is correct.</summary>
    public string Grader { get; init; } = "strict";

    /// <summary>The suites; none: no evaluation.</summary>
    public IReadOnlyList<SuiteRecipe> Suites { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        if (EvaluationSuite.Objection(Suites.Select(s => s.Suite)) is { } objection)
            yield return ("suites", objection);
    }
}
