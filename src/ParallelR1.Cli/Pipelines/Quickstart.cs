using System.Diagnostics;
using ParallelR1.Evaluation;
using ParallelR1.Runs.Reports;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Cli.Pipelines;

/// <summary>The curriculum at mini scale: base, cold start, reinforcement learning, each measured on the hard problems.</summary>
/// <param name="output">Where everything goes.</param>
/// <param name="seed">Of both stages and the evaluations.</param>
/// <param name="reinforcement">Recipes of the reinforcement learning that follows the cold start.</param>
/// <param name="observer">Watches.</param>
/// <param name="dtype">A type in place of the recipes' own; null: theirs.</param>
internal sealed class Quickstart(string output, long seed, IReadOnlyList<string> reinforcement, IRunObserver observer, string? dtype = null)
{
    private readonly List<SummaryRow> _rows = [];
    private readonly List<(string Phase, TimeSpan Time)> _phases = [];

    /// <summary>Runs it and writes <c>summary.json</c> and <c>report.html</c>.</summary>
    /// <returns>The rows of the table.</returns>
    public async Task<IReadOnlyList<SummaryRow>> RunAsync(CancellationToken cancellation)
    {
        // What cannot be done is said before anything is.
        var later = reinforcement.Select(name => (Name: name, Recipe: Load(name, RecipeStage.Rl))).ToList();
        var first = Load("mini/sft", RecipeStage.Sft);
        if (later.Select(r => r.Recipe.Name).Append(first.Name).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageException($"two of the recipes are called '{twice.Key}', and each needs a folder of its own; give each once, or a name of its own");
        PrepareFolder();
        var cold = StageModel.Resolve(first, observer);
        await EvaluateAsync("base", "mini/base", cold.Model.From!, cold, cancellation).ConfigureAwait(false);
        var start = Train(cold, SftStage.Run, cancellation);
        await EvaluateAsync("sft", "mini/sft", start, cold, cancellation).ConfigureAwait(false);
        var runs = new List<string> { Path.Combine(output, cold.Name) };
        foreach (var (name, loaded) in later)
        {
            // One type for all stages, so that the rows differ in what they learned and in nothing else.
            var recipe = loaded with { Model = loaded.Model with { From = start, Dtype = cold.Model.Dtype, DtypeReason = cold.Model.DtypeReason } };
            var result = Train(recipe, RlStage.Run, cancellation);
            await EvaluateAsync(recipe.Name, name, result, recipe, cancellation).ConfigureAwait(false);
            runs.Add(Path.Combine(output, recipe.Name));
        }

        var summary = Path.Combine(output, "summary.json");
        SummaryJson.Write(summary, _rows);
        ReportPage.Write(Path.Combine(output, "report.html"), [summary, .. runs]);
        var total = TimeSpan.FromTicks(_phases.Sum(phase => phase.Time.Ticks));
        observer.Say($"{total.TotalMinutes:0.0} minutes without building: {string.Join(", ", _phases.Select(phase => $"{phase.Phase} {phase.Time.TotalSeconds:0} s"))}");
        return _rows;
    }

    private Recipe Load(string name, RecipeStage stage)
    {
        var recipe = RecipeFile.Load(name, [$"seed={seed}", .. dtype is null ? [] : new[] { $"model.dtype={dtype}" }]);
        return recipe.Stage == stage
            ? recipe
            : throw new UsageException($"{name}: a recipe for the stage '{recipe.Stage.ToString().ToLowerInvariant()}', expected one for '{stage.ToString().ToLowerInvariant()}'");
    }

    private void PrepareFolder()
    {
        if (File.Exists(output) || (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any()))
            throw new UsageException($"{output}: already there and not empty; choose another --out, or remove it");
        Directory.CreateDirectory(output);
    }

    private string Train(Recipe recipe, Action<Recipe, Runs.RunFolder, IRunObserver, CancellationToken> stage, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        using var run = recipe.OpenRun(Path.Combine(output, recipe.Name), resume: false);
        stage(recipe, run, observer, cancellation);
        _phases.Add(($"train {recipe.Name}", Stopwatch.GetElapsedTime(begun)));
        return run.ModelPath;
    }

    private async Task EvaluateAsync(string name, string recipeName, string model, Recipe recipe, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        var results = await RecipeEvaluation.RunAsync(model, recipe, name, Path.Combine(output, "responses", name), observer, cancellation).ConfigureAwait(false);
        var row = SummaryRow.Create(name, recipeName, "mini", recipe.Evaluation.Grader, [(seed, results)]);
        _rows.Add(row);
        _phases.Add(($"evaluate {name}", Stopwatch.GetElapsedTime(begun)));
        foreach (var (suite, figures) in row.Suites)
            observer.Say($"{name}: {suite} mean@{figures.Samples} {figures.MeanAtK:P1}, pass@{figures.Samples} {figures.PassAtK:P1}, parallel {row.ParallelRatio:P1}, well-formed {row.WellFormedRatio:P1}");
    }
}
