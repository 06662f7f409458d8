using ParallelR1.Evaluation;
using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>The evaluation of the model during and after a run.</summary>
public sealed record EvaluationRecipe : IOptionChecks
{
    /// <summary>Number of steps between evaluations during training; 0 (the default) for none during training.</summary>
    [Bounds(0, int.MaxValue)]
    public int Every { get; init => field = Options.Checked(this, value); }

    /// <summary>Name of the grader that decides which responses are correct, <see cref="EvaluationOptions.DefaultGrader"/> by default.</summary>
    public string Grader { get; init; } = EvaluationOptions.DefaultGrader;

    /// <summary>The suites to evaluate on; empty (the default) for no evaluation.</summary>
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
    /// <summary>The problems: the name of a known set, or a file.</summary>
    [PathOrName]
    public required string Suite { get; init; }

    /// <summary>Number of responses to every problem (k of mean@k and pass@k), 1 by default.</summary>
    [Bounds(1, 65536)]
    public int Samples { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Maximum number of problems, the first ones of the suite; null (the default) for all.</summary>
    [Bounds(1, int.MaxValue)]
    public int? Limit { get; init => field = Options.Checked(this, value); }
}
