using ParallelR1.Evaluation;
using ParallelR1.Generation;
using ParallelR1.Grading;
using ParallelR1.Thinking;
using ParallelR1.Torch;
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
        using var model = LanguageModel.Load(folder, recipe.Model.Dtype == DtypeChoice.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32, recipe.Data.ChatTemplate);
        var template = ProblemTemplate.Load(recipe.Data.PromptTemplate);
        var runner = new EvaluationRunner(
            model.CreateEngine(), problem => model.EncodeProblem(template, problem.Text), ids => model.DecodeResponse(ids), Graders.ByName(recipe.Evaluation.Grader), model.Tags);
        var results = new List<SuiteResult>();
        foreach (var suite in recipe.Evaluation.Suites)
        {
            observer.Say($"{title}: {suite.Suite}, {suite.Samples} samples a problem");
            if (output is not null)
                Directory.CreateDirectory(output);
            results.Add(await runner.RunAsync(
                EvaluationSuite.Load(suite.Suite, suite.Limit),
                new EvaluationOptions
                {
                    Samples = suite.Samples,
                    Generation = recipe.Rollout.ToGenerationOptions(recipe.Visibility) with { Parallel = recipe.Rollout.Parallel && model.Tags is not null },
                    Seed = recipe.Seed,
                    ResponsesFile = output is null ? null : Path.Combine(output, $"{suite.Suite}.jsonl"),
                },
                observer,
                cancellation).ConfigureAwait(false));
        }

        return results;
    }
}
