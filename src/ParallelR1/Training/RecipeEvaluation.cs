using ParallelR1.Evaluation;
using ParallelR1.Generation;
using ParallelR1.Thinking;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>Evaluates models on the suites of a recipe, with the decoding options of its rollouts.</summary>
internal static class RecipeEvaluation
{
    /// <summary>Creates the evaluator of a recipe.</summary>
    /// <param name="model">The model; it may be trained further between evaluations.</param>
    /// <param name="recipe">The recipe, with decoding options, suites and grader.</param>
    /// <param name="observer">Receives progress and messages; null for none.</param>
    /// <exception cref="UsageException">A suite or the grader does not exist.</exception>
    /// <exception cref="InputException">A suite has a damaged row, or no prompt that fits.</exception>
    public static Evaluator Create(LanguageModel model, Recipe recipe, IRunObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(recipe);
        return new Evaluator(
            model,
            [.. recipe.Evaluation.Suites.Select(s => EvaluationSuite.Load(s.Suite, s.Limit) with { Samples = s.Samples })],
            new EvaluationOptions
            {
                Generation = recipe.Rollout.ToGenerationOptions(recipe.Visibility) with { NumberPaths = model.NumberPaths },
                Limits = recipe.Rollout.ToEngineLimits(),
                Seed = recipe.Seed,
                Grader = recipe.Evaluation.Grader,
                Template = ProblemTemplate.Load(recipe.Data.PromptTemplate),
            },
            observer);
    }

    /// <summary>Loads a model folder and evaluates it.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="recipe">The recipe; its dtype must be resolved (see <see cref="StageModel.Resolve"/>).</param>
    /// <param name="title">The name of the model in messages.</param>
    /// <param name="output">A folder for the responses, with one file per suite; null if they are not stored.</param>
    /// <param name="observer">Receives progress and messages.</param>
    /// <param name="cancellation">Stops between decode steps.</param>
    public static async Task<IReadOnlyList<SuiteResult>> RunAsync(
        string folder, Recipe recipe, string title, string? output, IRunObserver observer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observer);
        using var model = StageModel.Load(folder, recipe);
        foreach (var warning in model.Warnings)
            observer.Say($"warning: {warning}");
        var results = new List<SuiteResult>();
        var evaluator = Create(model, recipe, observer);
        for (var i = 0; i < evaluator.Suites.Count; i++)
        {
            var suite = evaluator.Suites[i];
            observer.Say($"{title}: {suite.Name}, {suite.Samples} samples a problem");
            results.Add(await evaluator.RunSuiteAsync(i, output is null ? null : Path.Combine(output, $"{suite.Name}.jsonl"), cancellation).ConfigureAwait(false));
        }

        return results;
    }
}
