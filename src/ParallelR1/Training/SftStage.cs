using System.Diagnostics;
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
/// shuffling the order is the file's, and such a batch is filled from the next epoch. The learning rate advances once per step.
/// </remarks>
public sealed class SftStage
{
    private readonly Recipe _recipe;
    private readonly SftRecipe _sft;
    private readonly RunFolder _run;
    private readonly IRunObserver _observer;
    private readonly LanguageModel _model;
    private readonly AdamW _optimizer;
    private readonly SupervisedStep _step;
    private readonly StageEvaluation _evaluation;
    private readonly StageState _state;
    private int[] _order = [];

    private SftStage(Recipe recipe, RunFolder run, IRunObserver observer, LanguageModel model, AdamW optimizer)
    {
        (_recipe, _sft, _run, _observer, _model, _optimizer) = (recipe, recipe.Sft!, run, observer, model, optimizer);
        _step = new SupervisedStep(model.Decoder, model.Tags, recipe.Visibility, _sft.MicroBatchTokens, recipe.Model.Recompute);
        _evaluation = new StageEvaluation(model, recipe, run, observer);
        _state = new StageState(recipe, run, observer, model, optimizer);
    }

    /// <summary>Runs the stage, or goes on with one that was interrupted; the result is in <see cref="RunFolder.ModelPath"/>.</summary>
    /// <exception cref="OperationCanceledException">Interrupted, after saving a checkpoint.</exception>
    public static void Run(Recipe recipe, RunFolder run, IRunObserver observer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(observer);
        StageModel.Require(recipe, RecipeStage.Sft);
        using var model = StageModel.Open(recipe, observer);
        using var optimizer = new AdamW(model.Decoder.Parameters, recipe.Optimizer!);
        new SftStage(recipe, run, observer, model, optimizer).Run(cancellation);
    }

    private void Run(CancellationToken cancellation)
    {
        var examples = Read(_recipe.Data.Train!, _recipe.Data.Limit, "", cancellation);
        var validation = _recipe.Data.Validation is { } file ? Read(file, null, "validation ", cancellation) : null;
        var batch = Math.Min(_sft.BatchSize, examples.Count);
        var steps = _sft.Steps ?? Steps(examples.Count, batch);
        var schedule = _recipe.Optimizer!.CreateSchedule(steps);
        _state.Start(steps);
        _observer.Say($"{examples.Count} examples, {steps} steps of {batch}");
        if (_model.Tags is null)
            _observer.Say("the model does not have the six tags: blocks in the examples, if any, are learned as ordinary text (add them with `model init-tags`)");

        Evaluate(_run.ResumedStep ?? 0, cancellation);
        for (var step = _run.ResumedStep ?? 0; step < steps; step++)
        {
            if (cancellation.IsCancellationRequested)
            {
                _state.Interrupt(step);
                cancellation.ThrowIfCancellationRequested();
            }

            Train(step, steps, [.. Chosen(step, examples.Count, batch).Select(i => examples[i])], schedule.Rate(step));
            var done = step + 1;
            if (validation is not null && (done == steps || (_sft.ValidateEvery > 0 && done % _sft.ValidateEvery == 0)))
                Validate(done, validation);
            if (_recipe.Checkpoint.Every > 0 && (done % _recipe.Checkpoint.Every == 0 || done == steps))
                _state.Save(done);
            Evaluate(done, cancellation);
        }

        _state.Finish();
    }

    private IReadOnlyList<TrainingExample> Read(string path, int? limit, string kind, CancellationToken cancellation)
    {
        var reader = new ExampleReader(_model, ProblemTemplate.Load(_recipe.Data.PromptTemplate), _sft.MaxLength, _recipe.Visibility, _recipe.Data.Columns());
        var examples = reader.Read(path, limit, _recipe.Seed, cancellation);
        if (reader.TooLong > 0)
            _observer.Say($"{reader.TooLong} {kind}examples are longer than {_sft.MaxLength} tokens and were left out");
        if (reader.BeyondContext > 0)
            _observer.Say($"{reader.BeyondContext} {kind}examples reach beyond the model's context of {_model.Decoder.Config.MaxPositions} positions and were left out");
        return examples;
    }

    private int Steps(int examples, int batch)
    {
        // In file order the examples go round: what fills no batch begins the next epoch.
        var steps = _recipe.Data.Shuffle ? (long)(examples / batch) * _sft.Epochs : (long)examples * _sft.Epochs / batch;
        if (steps > int.MaxValue)
            throw new UsageException($"sft.epochs: {_sft.Epochs} epochs of {examples} examples are {steps} steps, more than a run can count; lower it, or set sft.steps");
        var rest = (long)examples * _sft.Epochs - steps * batch;
        if (!_recipe.Data.Shuffle && rest > 0)
            _observer.Say($"data.shuffle is off: the last {rest} examples of the last epoch fill no batch of {batch} and are left out");
        return (int)steps;
    }

    /// <summary>The examples of a step (from 0): permutations without an incomplete last batch, or the file's order, round and round.</summary>
    private IEnumerable<int> Chosen(int step, int count, int batch)
    {
        if (!_recipe.Data.Shuffle)
            return Enumerable.Range(0, batch).Select(i => (int)(((long)step * batch + i) % count));
        var (epoch, place) = Math.DivRem(step, count / batch);
        if (_order.Length == 0 || place == 0)
            _order = RandomKey.FromSeed(_recipe.Seed).Fold("shuffle").Fold(epoch).Permutation(count);
        return _order.Skip(place * batch).Take(batch);
    }

    private void Train(int step, int steps, TrainingExample[] batch, double rate)
    {
        var clock = Stopwatch.GetTimestamp();
        var (loss, gradient) = _step.Run(batch, _optimizer, rate);
        Runtime.TrimHostMemory();
        var seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        var tokens = batch.Sum(example => example.Ids.Length);
        _run.Metrics.Append(step + 1, MetricNames.Train, new JsonObject
        {
            [MetricNames.Loss] = loss,
            [MetricNames.LearningRate] = rate,
            [MetricNames.GradNorm] = gradient.GradNorm,
            ["skipped"] = gradient.Skipped,
            ["tokens"] = tokens,
            ["loss_tokens"] = batch.Sum(example => example.ResponseLength),
            [MetricNames.TokensPerSecond] = tokens / seconds,
            [MetricNames.Seconds] = new JsonObject { ["train"] = seconds },
        });
        _observer.Report(new RunProgress("sft", step + 1, steps, $"loss {loss:0.000}, {tokens / seconds:0} tokens/s"));
    }

    private void Validate(int step, IReadOnlyList<TrainingExample> examples)
    {
        var loss = _step.Loss(examples);
        _run.Metrics.Append(step, MetricNames.Validation, new JsonObject { [MetricNames.ValidationLoss] = loss });
        _observer.Say($"step {step}: validation loss {loss:0.0000}");
    }

    private void Evaluate(int step, CancellationToken cancellation)
    {
        try
        {
            _evaluation.Run(step, cancellation);
        }
        catch (OperationCanceledException)
        {
            _state.Interrupt(step);
            throw;
        }
    }
}
