using ParallelR1.Evaluation;
using ParallelR1.Generation;
using ParallelR1.Runs;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>
/// Evaluates the model of a stage every <c>evaluation.every</c> steps. Its random draws are independent of those of training, so it does not
/// affect training.
/// </summary>
internal sealed class StageEvaluation
{
    private readonly RunFolder _run;
    private readonly IRunObserver _observer;
    private readonly int _every;
    private readonly Evaluator? _evaluator;
    private HashSet<(int Step, string Suite)>? _logged;

    public StageEvaluation(LanguageModel model, Recipe recipe, RunFolder run, IRunObserver observer)
    {
        (_run, _observer, _every) = (run, observer, recipe.Evaluation.Every);
        _evaluator = _every > 0 ? RecipeEvaluation.Create(model, recipe, observer) : null;
    }

    /// <summary>Evaluates after a step, if due. A resumed run evaluates only the suites that are missing in its log.</summary>
    public void Run(int step, CancellationToken cancellation)
    {
        if (_evaluator is null || step == 0 || step % _every != 0)
            return;
        _logged ??= [.. MetricsLog.Read(_run.MetricsPath)
            .Where(line => (string?)line[MetricNames.Kind] == MetricNames.Evaluation)
            .Select(line => (MetricsLog.StepOf(line) ?? -1, (string?)line[MetricNames.Suite] ?? ""))];
        for (var i = 0; i < _evaluator.Suites.Count; i++)
        {
            if (_logged.Add((step, _evaluator.Suites[i].Name)))
                Measure(step, i, cancellation);
        }
    }

    private void Measure(int step, int index, CancellationToken cancellation)
    {
        // The engine decodes on the caller's thread, so this does not block on another one.
        var metrics = new EvaluationMetrics(_evaluator!.RunSuiteAsync(index, cancellation: cancellation).GetAwaiter().GetResult());
        _run.Record(step, metrics);
        _observer.Say($"step {step}: {metrics.Describe()}");
    }
}
