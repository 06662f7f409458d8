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
/// Epochs are permutations keyed by seed and epoch; an incomplete last batch of an epoch is dropped, as in the published trainer. The
/// learning rate advances once per step.
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

    private SftStage(Recipe recipe, RunFolder run, IRunObserver observer, LanguageModel model, AdamW optimizer)
    {
        (_recipe, _sft, _run, _observer, _model, _optimizer) = (recipe, recipe.Sft!, run, observer, model, optimizer);
        _step = new SupervisedStep(model.Decoder, model.Tags, recipe.Visibility, _sft.MicroBatchTokens, recipe.Model.Recompute);
        _evaluation = new StageEvaluation(model, recipe, run, observer);
    }

    /// <summary>Runs the stage, or goes on with one that was interrupted; the result is in <see cref="RunFolder.ModelPath"/>.</summary>
    /// <exception cref="OperationCanceledException">Interrupted, after saving a checkpoint.</exception>
    public static void Run(Recipe recipe, RunFolder run, IRunObserver observer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(observer);
        using var model = StageModel.Open(recipe);
        using var optimizer = new AdamW(model.Decoder.Parameters, recipe.Optimizer!);
        new SftStage(recipe, run, observer, model, optimizer).Run(cancellation);
    }

    private void Run(CancellationToken cancellation)
    {
        var reader = new ExampleReader(_model, ProblemTemplate.Load(_recipe.Data.PromptTemplate), _sft.MaxLength);
        var examples = reader.Read(_recipe.Data.Train!, _recipe.Data.Limit, _recipe.Seed, cancellation);
        if (reader.TooLong > 0)
            _observer.Say($"{reader.TooLong} examples are longer than {_sft.MaxLength} tokens and were left out");
        var validation = _recipe.Data.Validation is { } file ? reader.Read(file, null, _recipe.Seed, cancellation) : null;
        var batch = Math.Min(_sft.BatchSize, examples.Count);
        var perEpoch = examples.Count / batch;
        var steps = _sft.Steps ?? perEpoch * _sft.Epochs;
        var schedule = _recipe.Optimizer!.CreateSchedule(steps);
        if (_run.ResumedCheckpoint is { } checkpoint)
            TrainingState.Restore(checkpoint, _model, _optimizer);
        _run.Start(steps);
        _observer.Say($"{examples.Count} examples, {steps} steps of {batch}");
        if (_model.Tags is null)
            _observer.Say("the model does not have the six tags: blocks in the examples, if any, are learned as ordinary text (add them with `model init-tags`)");

        var order = Array.Empty<int>();
        Evaluate(_run.ResumedStep ?? 0, cancellation);
        for (var step = _run.ResumedStep ?? 0; step < steps; step++)
        {
            if (cancellation.IsCancellationRequested)
            {
                Interrupt(step);
                cancellation.ThrowIfCancellationRequested();
            }

            if (order.Length == 0 || step % perEpoch == 0)
                order = Order(step / perEpoch, examples.Count);
            var chosen = order.AsSpan(step % perEpoch * batch, batch).ToArray();
            Train(step, steps, [.. chosen.Select(i => examples[i])], schedule.Rate(step));
            var done = step + 1;
            if (validation is not null && (done == steps || (_sft.ValidateEvery > 0 && done % _sft.ValidateEvery == 0)))
                Validate(done, validation);
            if (_recipe.Checkpoint.Every > 0 && (done % _recipe.Checkpoint.Every == 0 || done == steps))
                Save(done);
            Evaluate(done, cancellation);
        }

        _run.WriteModel(folder => StageResult.Write(folder, _model, _optimizer, _recipe));
    }

    private int[] Order(int epoch, int count) => _recipe.Data.Shuffle
        ? RandomKey.FromSeed(_recipe.Seed).Fold("shuffle").Fold(epoch).Permutation(count)
        : [.. Enumerable.Range(0, count)];

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
            Interrupt(step);
            throw;
        }
    }

    private void Interrupt(int step)
    {
        Save(step);
        _observer.Say($"interrupted after step {step}; go on with --resume");
    }

    private void Save(int step) => _run.SaveCheckpoint(step, folder => TrainingState.Save(folder, _model, _optimizer, step));
}
