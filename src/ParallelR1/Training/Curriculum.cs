using System.Security.Cryptography;
using System.Text;
using ParallelR1.Evaluation;
using ParallelR1.IO;
using ParallelR1.Runs;
using ParallelR1.Torch;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>A row of a curriculum: a model, how it is trained, and how it is measured.</summary>
/// <param name="Name">The row's name.</param>
/// <param name="RecipeName">The name of the recipe, as shown in the table.</param>
/// <param name="Recipe">The recipe that the model is trained and measured by; its starting model is filled in.</param>
/// <param name="After">The key of the row whose model this one starts from; null if the recipe names the starting model.</param>
/// <param name="Trained">Whether the model is trained; otherwise the starting model of the recipe is measured as it is.</param>
public sealed record CurriculumRow(string Name, string RecipeName, Recipe Recipe, string? After, bool Trained = true)
{
    /// <summary>Key that names the folder of the row and its file of figures: the name of the row, with the seed if there are several seeds.</summary>
    public string Key { get; init; } = Name;

    /// <summary>Whether the model is measured, true by default; otherwise it only serves as a starting model of other rows.</summary>
    public bool Measured { get; init; } = true;
}

/// <summary>
/// Trains and measures rows in one folder, each starting from the result of another. Finished rows are not made again, and interrupted ones resume
/// at the step where they stopped. Several processes may work on one curriculum at the same time: each takes the first stage that can start and
/// that no other process works on.
/// </summary>
/// <param name="output">The folder: a run folder for each trained row, <c>rows/KEY.json</c> for each finished one, <c>responses/KEY/</c>.</param>
/// <param name="rows">The rows, each after the one it starts from.</param>
/// <param name="observer">Receives progress and messages.</param>
public sealed class Curriculum(string output, IReadOnlyList<CurriculumRow> rows, IRunObserver observer)
{
    private const long BytesOfJob = 2L << 30; // what a process reaches at the mini scale
    private bool _checked;

    /// <summary>Gets the existing run folders; rows of the same recipe share one.</summary>
    public IReadOnlyList<string> Runs => [.. rows.Where(r => r.Trained).Select(Folder).Where(folder => File.Exists(Path.Combine(folder, "recipe.yaml")))];

    /// <summary>Gets the number of rows to make in parallel on this machine: at the mini scale as many as threads and memory allow, otherwise one.</summary>
    /// <param name="scale">The scale of the rows.</param>
    public static int JobsHere(RecipeScale scale) => scale == RecipeScale.Mini ? (int)Math.Clamp(MachineMemory.Available() / BytesOfJob, 1, Runtime.Threads) : 1;

    /// <summary>Plans the rows of the given recipes and of the recipes that they start from, by their <c>after</c>.</summary>
    /// <param name="ends">The recipes by name, such as <c>mini/rl-s2</c>; their <c>after</c> names a recipe in the same folder.</param>
    /// <param name="settings">Gets the overrides of a stage, see <see cref="RecipeFile.Load"/>.</param>
    /// <returns>The rows, each after the one it starts from.</returns>
    /// <exception cref="UsageException">A recipe is invalid, or two of them have the same name.</exception>
    public static IReadOnlyList<CurriculumRow> Plan(IReadOnlyList<string> ends, Func<RecipeStage, IReadOnlyList<string>> settings)
    {
        ArgumentNullException.ThrowIfNull(ends);
        ArgumentNullException.ThrowIfNull(settings);
        var rows = new List<CurriculumRow>();
        foreach (var end in ends)
            Add(end);
        return rows;

        string Add(string name)
        {
            if (rows.FirstOrDefault(r => r.RecipeName == name) is { } there)
                return there.Name;
            var recipe = RecipeFile.Load(name, settings(RecipeFile.Load(name, []).Stage));
            var after = recipe.After is { } earlier ? Add(Path.Combine(Path.GetDirectoryName(name) ?? "", earlier)) : null;
            if (rows.Any(r => r.Name == recipe.Name))
                throw new UsageException($"two of the recipes are called '{recipe.Name}', and each needs a folder of its own; give each once, or a name of its own");
            rows.Add(new CurriculumRow(recipe.Name, name, recipe, after, recipe.Stage != RecipeStage.Eval));
            return recipe.Name;
        }
    }

    /// <summary>Reports which rows exist, and makes the others.</summary>
    /// <param name="cancellation">Interrupts the work.</param>
    /// <returns>The figures of all rows, in order.</returns>
    /// <exception cref="UsageException">The folder has other contents, or rows that were made by other recipes.</exception>
    /// <exception cref="OperationCanceledException">The work was interrupted, after saving what is needed to resume it.</exception>
    public Task<IReadOnlyList<RowFigures>> RunAsync(CancellationToken cancellation = default)
    {
        if (!_checked)
            Check();
        return WorkAsync(cancellation);
    }

    /// <summary>Makes the rows that do not exist yet, concurrently with other processes that do the same.</summary>
    /// <param name="cancellation">Interrupts the work.</param>
    /// <returns>The figures of all rows, in order.</returns>
    /// <exception cref="UsageException">The folder has other contents, or rows that were made by other recipes.</exception>
    /// <exception cref="OperationCanceledException">The work was interrupted, after saving what is needed to resume it.</exception>
    public async Task<IReadOnlyList<RowFigures>> WorkAsync(CancellationToken cancellation = default)
    {
        var stages = Prepare();
        var figures = new Dictionary<Stage, RowFigures>(ReferenceEqualityComparer.Instance);
        while (figures.Count < stages.Count)
        {
            if (!await MakeOneAsync(stages, figures, cancellation).ConfigureAwait(false))
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        return [.. stages.Select(stage => figures[stage])];
    }

    /// <summary>Reports which rows exist, without making any.</summary>
    /// <returns>The compute type of all rows, and whether all rows exist.</returns>
    /// <exception cref="UsageException">The folder has other contents, or rows that were made by other recipes.</exception>
    public (DtypeChoice Dtype, bool IsFinished) Check()
    {
        var stages = Prepare();
        var finished = stages.Where(stage => Finished(stage) is not null).ToList();
        foreach (var stage in finished)
            observer.Say($"{stage.Row.Key}: already there");
        _checked = true;
        return (stages[0].Recipe.Model.Dtype, finished.Count == stages.Count);
    }

    /// <summary>Takes the figures of a stage that was finished in the meantime, or makes the first stage that can start.</summary>
    /// <returns>False if other processes work on all stages that can start.</returns>
    private async Task<bool> MakeOneAsync(List<Stage> stages, Dictionary<Stage, RowFigures> figures, CancellationToken cancellation)
    {
        foreach (var stage in stages.Where(stage => !figures.ContainsKey(stage)))
        {
            if (Finished(stage) is { } before)
            {
                figures[stage] = before;
                return true;
            }

            if (stages.TakeWhile(other => other.Row.Key != stage.Row.Key).Any(other => other.Contents == stage.Contents && !figures.ContainsKey(other)))
                continue;
            if (figures.Values.FirstOrDefault(f => f.Contents == stage.Contents && (f.Suites.Count > 0 || !stage.Row.Measured)) is { } same)
            {
                observer.Say($"{stage.Row.Key}: as {same.Name}, by the same recipe");
                figures[stage] = same with { Name = stage.Row.Name, Recipe = stage.Row.RecipeName, Title = stage.Recipe.Title };
                figures[stage].Write(FiguresFile(stage.Row));
                return true;
            }

            if (stage.After is { } after && !figures.ContainsKey(after))
                continue;
            using var mine = RunLock.TryTake(Path.Combine(output, "rows", $"{stage.Row.Key}.lock"));
            if (mine is null || Finished(stage) is not null)
                continue;
            figures[stage] = await MakeAsync(stage, cancellation).ConfigureAwait(false);
            return true;
        }

        return false;
    }

    /// <summary>Gets the figures of a stage if it is finished, by this or another process; else null.</summary>
    private RowFigures? Finished(Stage stage) =>
        Stored(stage.Row) is { } stored && (stored.Suites.Count > 0 || !stage.Row.Measured || stage.Recipe.Evaluation.Suites.Count == 0) ? stored : null;

    private RowFigures? Stored(CurriculumRow row) => File.Exists(FiguresFile(row)) ? RowFigures.Read(FiguresFile(row)) : null;

    private async Task<RowFigures> MakeAsync(Stage stage, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (row, recipe) = (stage.Row, stage.Recipe);
        // Memory that an earlier row no longer uses would add to that of this one.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        Runtime.TrimHostMemory(0);
        MachineMemory.ResetPeak();
        if (row.Trained)
            Train(stage, cancellation);
        // Memory that training no longer uses would add to that of the evaluation.
        Runtime.TrimHostMemory(0);
        var model = row.Trained ? Path.Combine(stage.Folder, "model") : recipe.Model.From!;
        var suites = row.Measured
            ? await RecipeEvaluation.RunAsync(model, recipe, row.Key, Path.Combine(output, "responses", row.Key), observer, cancellation).ConfigureAwait(false)
            : [];
        var finished = Figures(stage, suites);
        finished.Write(FiguresFile(row));
        foreach (var suite in suites)
            observer.Say($"{row.Key}: {suite.Name} mean@{suite.Samples} {suite.MeanAtK:P1}, pass@{suite.Samples} {suite.PassAtK:P1}, parallel {suite.ParallelRatio:P1}, well-formed {suite.WellFormedRatio:P1}");
        return finished;
    }

    private static RowFigures Figures(Stage stage, IReadOnlyList<SuiteResult> suites)
    {
        var (row, recipe) = (stage.Row, stage.Recipe);
        var (steps, seconds) = row.Trained ? StepFigures.OfRun(stage.Folder) : ([], 0);
        return new RowFigures
        {
            Name = row.Name,
            Recipe = row.RecipeName,
            Title = recipe.Title,
            Scale = recipe.Scale.ToString().ToLowerInvariant(),
            Seed = recipe.Seed,
            Contents = stage.Contents,
            After = stage.After?.Row.Name,
            RecipeHash = stage.RecipeHash,
            AfterHash = stage.After?.RecipeHash,
            ResolvedRecipe = RecipeFile.Write(Readable(recipe)),
            Commit = TrainingCode.Commit,
            TrainingCode = TrainingCode.Hash,
            Grader = recipe.Evaluation.Grader,
            Dtype = recipe.Model.Dtype.ToString().ToLowerInvariant(),
            Processor = Runtime.ProcessorName,
            Cap = recipe.Rollout.Cap,
            TrainSeconds = row.Trained ? seconds : null,
            PeakMemoryBytes = MachineMemory.Peak(),
            Steps = steps,
            Suites = suites,
        };
    }

    /// <summary>A row with all that is determined before anything is made.</summary>
    /// <param name="Row">The row.</param>
    /// <param name="Recipe">The resolved recipe.</param>
    /// <param name="After">The stage that it starts from.</param>
    /// <param name="Contents">Hash of recipe and starting model; rows with other names may have the same.</param>
    /// <param name="RecipeHash">The same hash, but independent of seed and compute type.</param>
    /// <param name="Folder">The run folder, which is that of the first row with the same contents.</param>
    private sealed record Stage(CurriculumRow Row, Recipe Recipe, Stage? After, string Contents, string RecipeHash, string Folder);

    /// <summary>Resolves all recipes, with one compute type for all rows, and checks them against existing files, so that errors are reported before any work.</summary>
    private List<Stage> Prepare()
    {
        Claim();
        var stages = new List<Stage>();
        foreach (var row in rows)
        {
            var after = row.After is null ? null : stages.First(s => s.Row.Key == row.After);
            var recipe = row.Recipe;
            if (after is not null)
                recipe = recipe with { Model = recipe.Model with { From = Path.Combine(after.Folder, "model") } };
            recipe = stages is [var first, ..]
                ? recipe with { Model = recipe.Model with { Dtype = first.Recipe.Model.Dtype, DtypeReason = first.Recipe.Model.DtypeReason } }
                : StageModel.Resolve(WithStoredDtype(recipe), observer);
            var fingerprint = after is null ? Fingerprint(recipe.Model.From) : null;
            var contents = Hash($"{row.Trained}\n{after?.Contents ?? fingerprint}\n{RecipeFile.Write(Portable(recipe))}");
            var anySeed = Portable(recipe) with { Seed = 0 };
            var recipeHash = Hash($"{row.Trained}\n{after?.RecipeHash ?? fingerprint}\n{RecipeFile.Write(anySeed with { Model = anySeed.Model with { Dtype = DtypeChoice.Auto } })}");
            var folder = stages.FirstOrDefault(s => s.Contents == contents)?.Folder ?? Path.Combine(output, row.Key);
            stages.Add(new Stage(row, recipe, after, contents, recipeHash, folder));
            RequireSame(stages[^1]);
        }

        return stages;
    }

    /// <summary>Returns a recipe without the values that depend on the machine, on the location of files or on its name.</summary>
    private static Recipe Portable(Recipe recipe)
    {
        var readable = recipe.WithoutFolders();
        return readable with { Name = "", Title = null, After = null, Threads = null, Model = readable.Model with { From = null, DtypeReason = null } };
    }

    /// <summary>Returns a recipe for readers on other machines.</summary>
    private static Recipe Readable(Recipe recipe)
    {
        var readable = recipe.WithoutFolders();
        return readable with { Threads = null, Model = readable.Model with { From = recipe.After is null ? readable.Model.From : null, DtypeReason = null } };
    }

    /// <summary>Checks that existing results of a stage were made by the same recipe.</summary>
    private void RequireSame(Stage stage)
    {
        var stored = Path.Combine(stage.Folder, "recipe.yaml");
        var figures = Stored(stage.Row);
        if (figures is not null
            ? figures.Contents != stage.Contents
            : stage.Row.Trained && Directory.Exists(Path.Combine(stage.Folder, "model")) && File.Exists(stored) && !SameRecipe(stored, stage.Recipe))
        {
            throw new UsageException(
                $"{(figures is null ? stored : FiguresFile(stage.Row))}: '{stage.Row.Key}' was made by another recipe, seed, type or starting model; choose another --out, or remove {output} to make everything again");
        }
    }

    private static bool SameRecipe(string stored, Recipe recipe) =>
        RecipeFile.Write(Portable(RecipeFile.Parse(File.ReadAllText(stored), stored))) == RecipeFile.Write(Portable(recipe));

    /// <summary>Returns the recipe with the compute type of rows that were started before, because a new measurement could choose another one.</summary>
    private Recipe WithStoredDtype(Recipe recipe) =>
        rows.Where(r => r.Trained).Select(r => recipe.WithDtypeOf(Folder(r))).FirstOrDefault(r => r.Model.Dtype != DtypeChoice.Auto) ?? recipe;

    /// <summary>Creates the folder if necessary, and checks that it is empty or contains a curriculum.</summary>
    private void Claim()
    {
        if (File.Exists(output))
            throw new UsageException($"{output}: is a file; --out must name a folder");
        if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any() && !Directory.Exists(Path.Combine(output, "rows")))
            throw new UsageException($"{output}: not empty, and holds no rows of a curriculum; choose another --out, or remove it");
        Directory.CreateDirectory(Path.Combine(output, "rows"));
    }

    private void Train(Stage stage, CancellationToken cancellation)
    {
        // A run writes its model last, so a run with a model is finished.
        if (Directory.Exists(Path.Combine(stage.Folder, "model")))
            return;
        using var run = stage.Recipe.OpenRun(stage.Folder, resume: File.Exists(Path.Combine(stage.Folder, "recipe.yaml")));
        if (stage.Recipe.Stage == RecipeStage.Sft)
            SftStage.Run(stage.Recipe, run, observer, cancellation);
        else
            RlStage.Run(stage.Recipe, run, observer, cancellation);
    }

    private string Folder(CurriculumRow row) => Path.Combine(output, row.Key);

    private string FiguresFile(CurriculumRow row) => Path.Combine(output, "rows", $"{row.Key}.json");

    private static string Fingerprint(string? folder)
    {
        var file = folder is null ? null : Path.Combine(folder, "model.safetensors");
        if (file is null || !File.Exists(file))
            return folder ?? "";
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
