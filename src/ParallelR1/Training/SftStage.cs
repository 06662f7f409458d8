using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Runs;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>Supervised fine-tuning, from a recipe to a model folder.</summary>
/// <remarks>
/// Epochs are permutations keyed by seed and epoch; an incomplete last batch of an epoch is dropped, as in the published trainer. Without
/// shuffling, the order is that of the file, and an incomplete batch is filled from the next epoch. The learning rate advances once per step.
/// </remarks>
public sealed class SftStage : ITrainingStage
{
    // After each release of the heap to the system, the next step requests it again page by page, which takes a sixth of the time of a short step.
    private const int StepsBetweenTrims = 32;

    private readonly Recipe _recipe;
    private readonly SftRecipe _sft;
    private readonly IRunObserver _observer;
    private readonly LanguageModel _model;
    private readonly AdamW _optimizer;
    private readonly SupervisedStep _step;
    private readonly IReadOnlyList<TrainingExample> _examples;
    private readonly IReadOnlyList<TrainingExample>? _validation;
    private readonly int _batch;
    private readonly int _steps;
    private int[] _order = [];

    private SftStage(Recipe recipe, IRunObserver observer, LanguageModel model, AdamW optimizer, CancellationToken cancellation)
    {
        (_recipe, _sft, _observer, _model, _optimizer) = (recipe, recipe.Sft!, observer, model, optimizer);
        _step = new SupervisedStep(model.Decoder, model.Tags, recipe.Visibility, _sft.MicroBatchTokens, recipe.Model.Recompute);
        _examples = Read(recipe.Data.Train!, recipe.Data.Limit, "", cancellation);
        _validation = recipe.Data.Validation is { } file ? Read(file, null, "validation ", cancellation) : null;
        _batch = Math.Min(_sft.BatchSize, _examples.Count);
        _steps = _sft.Steps ?? Steps(_examples.Count, _batch);
    }

    int ITrainingStage.Steps => _steps;

    JsonObject? ITrainingStage.DataState => null;

    /// <summary>Runs the stage, or resumes an interrupted one; the trained model is in <see cref="RunFolder.ModelPath"/>.</summary>
    /// <param name="recipe">The recipe; its dtype must be resolved (see <see cref="StageModel.Resolve"/>).</param>
    /// <param name="run">The folder of the run, opened with <see cref="RecipeRun.OpenRun"/>.</param>
    /// <param name="observer">Receives progress and messages.</param>
    /// <param name="cancellation">Stops the run after the current step, with a checkpoint.</param>
    /// <exception cref="UsageException">The recipe is for another stage or inconsistent, or a file it names is missing.</exception>
    /// <exception cref="InputException">The model or the data are damaged.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped; it can be resumed from the checkpoint.</exception>
    public static void Run(Recipe recipe, RunFolder run, IRunObserver observer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(observer);
        StageModel.Require(recipe, RecipeStage.Sft);
        using var model = StageModel.Open(recipe, observer);
        using var optimizer = new AdamW(model.Decoder.Trainable, recipe.Optimizer!);
        var loop = new StageLoop(recipe, run, observer, model, optimizer);
        loop.Run(new SftStage(recipe, observer, model, optimizer, cancellation), cancellation);
    }

    void ITrainingStage.Resume(int step, JsonObject? data)
    {
        // The step alone determines which examples are next.
    }

    IEnumerable<string> ITrainingStage.Introduce()
    {
        yield return $"{_examples.Count} examples, {_steps} steps of {_batch}";
        if (_model.Tags is null)
            yield return "the model does not have the six tags: blocks in the examples, if any, are learned as ordinary text (add them with `model init-tags`)";
    }

    RunMetrics ITrainingStage.Step(int step, double rate, CancellationToken cancellation)
    {
        TrainingExample[] batch = [.. Chosen(step - 1, _examples.Count, _batch).Select(i => _examples[i])];
        var clock = TimeProvider.System.GetTimestamp();
        var (loss, gradient) = _step.Run(batch, _optimizer, rate);
        if (step % StepsBetweenTrims == 0)
            Runtime.TrimHostMemory();
        var seconds = TimeProvider.System.GetElapsedTime(clock).TotalSeconds;
        var tokens = batch.Sum(example => example.Ids.Length);
        return new SupervisedMetrics(
            loss, rate, gradient.GradNorm, gradient.Skipped, tokens, batch.Sum(example => example.LossTokens), tokens / seconds,
            new Dictionary<string, double> { ["train"] = seconds });
    }

    IEnumerable<RunMetrics> ITrainingStage.Measure(int step)
    {
        if (_validation is not null && (step == _steps || (_sft.ValidateEvery > 0 && step % _sft.ValidateEvery == 0)))
            yield return new ValidationMetrics(_step.Loss(_validation));
    }

    private IReadOnlyList<TrainingExample> Read(string path, int? limit, string kind, CancellationToken cancellation)
    {
        var reader = new ExampleReader(_model, ProblemTemplate.Load(_recipe.Data.PromptTemplate), _sft.MaxLength, _recipe.Visibility, _recipe.Data.Columns());
        var examples = reader.Read(path, limit, _recipe.Seed, cancellation);
        if (reader.TooLong > 0)
            _observer.Say($"{reader.TooLong} {kind}examples are longer than {_sft.MaxLength} tokens and were left out");
        if (reader.Unnumbered > 0)
            _observer.Say($"warning: paths are numbered (rollout.number_paths), but {reader.Unnumbered} paths of the {kind}examples do not begin with their number and a line feed; the engine will put it before every path");
        if (reader.BeyondContext > 0)
            _observer.Say($"{reader.BeyondContext} {kind}examples reach beyond the model's context of {_model.Decoder.Config.MaxPositions} positions and were left out");
        return examples;
    }

    private int Steps(int examples, int batch)
    {
        // In file order, an incomplete batch is filled from the next epoch.
        var steps = _recipe.Data.Shuffle ? (long)(examples / batch) * _sft.Epochs : (long)examples * _sft.Epochs / batch;
        if (steps > int.MaxValue)
            throw new UsageException($"sft.epochs: {_sft.Epochs} epochs of {examples} examples are {steps} steps, more than a run can count; lower it, or set sft.steps");
        var rest = (long)examples * _sft.Epochs - steps * batch;
        if (!_recipe.Data.Shuffle && rest > 0)
            _observer.Say($"data.shuffle is off: the last {rest} examples of the last epoch fill no batch of {batch} and are left out");
        return (int)steps;
    }

    /// <summary>Gets the examples of a step (from 0): from permutations without an incomplete last batch, or from the file's order, repeated.</summary>
    private IEnumerable<int> Chosen(int step, int count, int batch)
    {
        if (!_recipe.Data.Shuffle)
            return Enumerable.Range(0, batch).Select(i => (int)(((long)step * batch + i) % count));
        var (epoch, place) = Math.DivRem(step, count / batch);
        if (_order.Length == 0 || place == 0)
            _order = RandomKey.FromSeed(_recipe.Seed).Fold("shuffle").Fold(epoch).Permutation(count);
        return _order.Skip(place * batch).Take(batch);
    }
}
