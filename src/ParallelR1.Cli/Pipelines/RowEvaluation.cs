using ParallelR1.Evaluation;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Cli.Pipelines;

/// <summary>Measures a model on suites, as one row of a table.</summary>
internal static class RowEvaluation
{
    /// <param name="folder">The model folder.</param>
    /// <param name="recipe">How responses are decoded, which suites, which grader; its dtype must be resolved.</param>
    /// <param name="title">The row's name.</param>
    /// <param name="output">A folder for the responses, one file a suite; null: they are not kept.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static async Task<IReadOnlyList<SuiteResult>> RunAsync(
        string folder, Recipe recipe, string title, string? output, IRunObserver observer, CancellationToken cancellation)
    {
        using var model = StageModel.Load(folder, recipe);
        foreach (var warning in model.Warnings)
            observer.Say($"warning: {warning}");
        var evaluation = new RecipeEvaluation(model, recipe, observer);
        var results = new List<SuiteResult>();
        for (var i = 0; i < evaluation.Suites.Count; i++)
        {
            observer.Say($"{title}: {evaluation.Suites[i]}, {recipe.Evaluation.Suites[i].Samples} samples a problem");
            results.Add(await evaluation.RunAsync(i, output, observer, cancellation).ConfigureAwait(false));
        }

        return results;
    }
}
