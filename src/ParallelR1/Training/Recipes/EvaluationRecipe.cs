using ParallelR1.Evaluation;
using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>What is measured during and after a run.</summary>
public sealed record EvaluationRecipe : IOptionChecks
{
    /// <summary>Steps between two evaluations of the model that learns; 0: none while it learns.</summary>
    [Bounds(0, int.MaxValue)]
    public int Every { get; init => field = Options.Checked(this, value); }

    /// <summary>Which grader says what is correct.</summary>
    public string Grader { get; init; } = EvaluationOptions.DefaultGrader;

    /// <summary>The suites; none: no evaluation.</summary>
    public IReadOnlyList<SuiteRecipe> Suites { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        if (EvaluationSuite.Objection(Suites.Select(s => s.Suite)) is { } objection)
            yield return ("suites", objection);
    }
}

/// <summary>One suite of an evaluation.</summary>
public sealed record SuiteRecipe
{
    /// <summary>A known problem set by name, or a file.</summary>
    [PathOrName]
    public required string Suite { get; init; }

    /// <summary>Responses to every problem (k of mean@k and pass@k).</summary>
    [Bounds(1, 65536)]
    public int Samples { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Use only the first problems; null: all.</summary>
    [Bounds(1, int.MaxValue)]
    public int? Limit { get; init => field = Options.Checked(this, value); }
}
