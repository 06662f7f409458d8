using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Runs;
using ParallelR1.Thinking;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>Start, checkpoints, interruption and end of a stage, in common to all stages.</summary>
internal sealed class StageState(Recipe recipe, RunFolder run, IRunObserver observer, LanguageModel model, AdamW optimizer)
{
    private JsonObject _inputs = [];

    /// <summary>Restores the newest checkpoint of a resumed run, reports where it resumes, and starts the run.</summary>
    public void Start(ITrainingStage stage)
    {
        var steps = stage.Steps;
        run.RequireWork(steps);
        _inputs = InputContents.Of(recipe);
        if (run.ResumedCheckpoint is { } checkpoint)
        {
            var (data, elsewhere) = TrainingState.Restore(checkpoint, run.ResumedStep!.Value, model, optimizer, _inputs);
            stage.Resume(run.ResumedStep.Value, data);
            if (elsewhere is not null)
                observer.Say($"warning: {elsewhere}");
        }

        run.Start(steps);
        if (run.ResumedStep is { } step)
            observer.Say($"resumed after step {step} of {steps}");
        else if (run.IsResumed)
            observer.Say("the run has no checkpoint yet: it starts again from the beginning");
    }

    public void Save(int step, ITrainingStage stage) => run.SaveCheckpoint(step, folder => TrainingState.Save(folder, model, optimizer, step, _inputs, stage.DataState));

    /// <summary>Saves a checkpoint and reports how to resume.</summary>
    public void Interrupt(int step, ITrainingStage stage)
    {
        Save(step, stage);
        observer.Say($"interrupted after step {step}; resume with: {run.ResumeCommand(recipe.Stage.ToString().ToLowerInvariant())}");
    }

    /// <summary>Writes the trained model.</summary>
    /// <exception cref="InputException">Most updates were skipped, so there is no trained model.</exception>
    public void Finish()
    {
        RequireUpdates();
        run.WriteModel(folder => StageResult.Write(folder, model, optimizer, recipe));
    }

    private void RequireUpdates()
    {
        var lines = MetricsLog.Read(run.MetricsPath).Where(line => (string?)line[MetricNames.Kind] == MetricNames.Train).ToList();
        var skipped = lines.Count(line => line["skipped"] is JsonValue value && (value.TryGetValue<bool>(out var one) ? one : value.TryGetValue<int>(out var some) && some > 0));
        if (2 * skipped > lines.Count)
            throw new InputException($"{run.FullPath}: the updates of {skipped} of {lines.Count} steps were skipped because a gradient was not finite, so this is not a trained model and none was written; lower optimizer.learning_rate, check the model that the run starts from, or train in f32 (model.dtype)");
    }
}

/// <summary>Writes the result of a stage: a model folder in Hugging Face layout with a model card.</summary>
internal static class StageResult
{
    public static void Write(string folder, LanguageModel model, AdamW optimizer, Recipe recipe)
    {
        FiniteTensors.Require(model.Decoder.Parameters, name => $"{name} holds values that are not finite, so no model was written; lower optimizer.learning_rate and start again");
        var masters = optimizer.State().Where(p => p.Key.StartsWith("master.", StringComparison.Ordinal)).ToDictionary(p => p.Key["master.".Length..], p => p.Value);
        model.Save(folder, name => masters.GetValueOrDefault(name), ProblemTemplate.Load(recipe.Data.PromptTemplate));
        ModelCard.Write(folder, new ModelCard(recipe.Title ?? recipe.Name)
        {
            BaseModel = recipe.Model.From is { } from ? Path.GetFileName(Path.TrimEndingDirectorySeparator(from)) : null,
            Data = [Path.GetFileName(recipe.Data.Train!)],
            Recipe = RecipeFile.Write(recipe.WithoutFolders()),
        });
    }
}
