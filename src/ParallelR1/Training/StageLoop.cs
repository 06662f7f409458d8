using System.Globalization;
using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Runs;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>The part of a stage that <see cref="StageLoop"/> runs, such as supervised fine-tuning.</summary>
internal interface ITrainingStage
{
    /// <summary>Gets the number of steps of the whole run.</summary>
    int Steps { get; }

    /// <summary>Gets the data state, which is part of every checkpoint; null if the number of steps determines it.</summary>
    JsonObject? DataState { get; }

    /// <summary>Resumes from a checkpoint.</summary>
    /// <param name="step">Number of steps done.</param>
    /// <param name="data">The saved <see cref="DataState"/>; null if none was saved.</param>
    void Resume(int step, JsonObject? data);

    /// <summary>Gets the messages to report once before the first step.</summary>
    IEnumerable<string> Introduce();

    /// <summary>Makes a step. It can be cancelled only before it has changed the model or the stage.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="rate">The learning rate of the step.</param>
    /// <param name="cancellation">Cancels the step.</param>
    /// <returns>The metrics of the step.</returns>
    RunMetrics Step(int step, double rate, CancellationToken cancellation);

    /// <summary>Gets additional metrics after a step, such as the validation loss.</summary>
    IEnumerable<RunMetrics> Measure(int step);
}

/// <summary>
/// The loop of every stage: resumes from the newest checkpoint, then repeats step, logging, checkpoint and evaluation until all steps are
/// done or the run is interrupted, and finally writes the model.
/// </summary>
internal sealed class StageLoop(Recipe recipe, RunFolder run, IRunObserver observer, LanguageModel model, AdamW optimizer)
{
    private readonly StageEvaluation _evaluation = new(model, recipe, run, observer);
    private readonly StageState _state = new(recipe, run, observer, model, optimizer);

    /// <summary>Runs the stage to its end.</summary>
    /// <exception cref="OperationCanceledException">The run was interrupted, after saving a checkpoint.</exception>
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

    /// <summary>Describes the device, the compute type and its reason, the expected memory and the starting model of the run.</summary>
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
