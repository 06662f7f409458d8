using ParallelR1.Data;
using ParallelR1.Evaluation;
using ParallelR1.Generation;
using ParallelR1.Grading;
using ParallelR1.Thinking;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>Measures a model on the suites of a recipe, decoding as the recipe's rollouts do.</summary>
public sealed class RecipeEvaluation
{
    private readonly LanguageModel _model;
    private readonly Recipe _recipe;
    private readonly List<(EvaluationSuite Suite, int Samples)> _suites;
    private readonly ProblemTemplate _template;

    /// <param name="model">The model; it may go on learning between evaluations.</param>
    /// <param name="recipe">How responses are decoded, which suites, which grader.</param>
    /// <param name="observer">Hears of problems that are left out because their prompts do not fit into the model's context; null: nobody.</param>
    /// <exception cref="UsageException">There is no such suite.</exception>
    /// <exception cref="InputException">A suite has a damaged row, or no prompt that fits.</exception>
    public RecipeEvaluation(LanguageModel model, Recipe recipe, IRunObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(recipe);
        (_model, _recipe) = (model, recipe);
        _template = ProblemTemplate.Load(recipe.Data.PromptTemplate);
        _suites = [.. recipe.Evaluation.Suites.Select(s => (EvaluationSuite.Load(s.Suite, s.Limit).Fitting(Encode, model.Decoder.Config.MaxPositions, observer), s.Samples))];
    }

    /// <summary>The names of the suites, in order.</summary>
    public IReadOnlyList<string> Suites => [.. _suites.Select(s => s.Suite.Name)];

    /// <summary>Measures one suite. The draws depend on the recipe's seed, the problem and the sample alone.</summary>
    /// <param name="index">Index of the suite.</param>
    /// <param name="output">A folder for the responses, one file a suite; null: they are not kept.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellation">Stops between steps of the engine.</param>
    public async Task<SuiteResult> RunAsync(int index, string? output, IRunObserver observer, CancellationToken cancellation)
    {
        var (suite, samples) = _suites[index];
        using var engine = _model.CreateEngine(_recipe.Rollout.ToEngineLimits());
        var runner = new EvaluationRunner(
            engine,
            Encode,
            ids => _model.DecodeResponse(ids),
            Graders.ByName(_recipe.Evaluation.Grader),
            _model.Tags);
        if (output is not null)
            Directory.CreateDirectory(output);
        var options = new EvaluationOptions
        {
            Samples = samples,
            Generation = _recipe.Rollout.ToGenerationOptions(_recipe.Visibility) with { Parallel = _recipe.Rollout.Parallel && _model.Tags is not null, NumberPaths = _model.NumberPaths },
            Seed = _recipe.Seed,
            ResponsesFile = output is null ? null : Path.Combine(output, $"{suite.Name}.jsonl"),
        };
        try
        {
            return await runner.RunAsync(suite, options, observer, cancellation).ConfigureAwait(false);
        }
        catch (LogitsException e)
        {
            throw e.Of(_model.Name);
        }
    }

    private int[] Encode(Problem problem) => _model.Encode(_template, problem);
}
