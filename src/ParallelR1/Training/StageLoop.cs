using System.Globalization;
using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Runs;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>A way of learning: what <see cref="StageLoop"/> repeats.</summary>
internal interface ITrainingStage
{
    /// <summary>Steps of the whole run.</summary>
    int Steps { get; }

    /// <summary>How far the stage is in its data; null: the number of steps says it. Part of every checkpoint.</summary>
    JsonObject? DataState { get; }

    /// <summary>Resumes where a checkpoint was saved.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="data">The <see cref="DataState"/> that was saved; null: none was.</param>
    void Resume(int step, JsonObject? data);

    /// <summary>What the run is about to do, said once.</summary>
    IEnumerable<string> Introduce();

    /// <summary>Makes a step. Cancelled only while nothing of it has changed the model or the stage.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="rate">Its learning rate.</param>
    /// <param name="cancellation">Stops it.</param>
    RunMetrics Step(int step, double rate, CancellationToken cancellation);

    /// <summary>Figures beside those of the step that was just made.</summary>
    IEnumerable<RunMetrics> Measure(int step);
}

/// <summary>
/// The loop of every stage: resume where the run stopped, then step, log, checkpoint, evaluate, until the steps are made or somebody
/// interrupts; at the end write the model.
/// </summary>
internal sealed class StageLoop(Recipe recipe, RunFolder run, IRunObserver observer, LanguageModel model, AdamW optimizer)
{
    private readonly StageEvaluation _evaluation = new(model, recipe, run, observer);
    private readonly StageState _state = new(recipe, run, observer, model, optimizer);

    /// <exception cref="OperationCanceledException">Interrupted, after saving a checkpoint.</exception>
    public void Run(ITrainingStage stage, CancellationToken cancellation)
    {
        var steps = stage.Steps;
        _state.Start(stage);
        observer.Say(Setting());
        foreach (var line in stage.Introduce())
            observer.Say(line);
        var schedule = recipe.Optimizer!.CreateSchedule(steps);
        var done = run.ResumedStep ?? 0;
        try
        {
            _evaluation.Run(done, cancellation);
            while (done < steps)
            {
                cancellation.ThrowIfCancellationRequested();
                var metrics = stage.Step(done + 1, schedule.Rate(done), cancellation);
                done++;
                run.Record(done, metrics);
                observer.Report(new RunProgress(Name, done, steps, metrics.Describe()));
                foreach (var more in stage.Measure(done))
                {
                    run.Record(done, more);
                    observer.Say($"step {done}: {more.Describe()}");
                }

                if (recipe.Checkpoint.Every > 0 && (done % recipe.Checkpoint.Every == 0 || done == steps))
                    _state.Save(done, stage);
                _evaluation.Run(done, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            _state.Interrupt(done, stage);
            throw;
        }

        _state.Finish();
    }

    /// <summary>What the run computes on, in which type and why, what it will need and what it starts from.</summary>
    private string Setting()
    {
        var type = recipe.Model.DtypeReason is { } reason ? $"dtype auto: {TypeName} ({reason})" : $"{TypeName} (the recipe's)";
        var memory = StageEstimate.Memory(recipe, model.Decoder.Config, recipe.Model.Dtype == DtypeChoice.Bf16) / (double)(1 << 30);
        var start = recipe.Model.From is { } from ? $"starts from {from}" : "starts from new weights";
        return string.Create(CultureInfo.InvariantCulture, $"{ComputeDevice.Default}, {type}, {Runtime.Threads} threads, about {memory:F1} GiB of memory; {start}");
    }

    private string TypeName => recipe.Model.Dtype.ToString().ToLowerInvariant();

    private string Name => recipe.Stage.ToString().ToLowerInvariant();
}
