using System.Security.Cryptography;
using System.Text;
using ParallelR1.Torch;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>A row of a curriculum: a model, how it comes about, and how it is measured.</summary>
/// <param name="Name">The row's name, and that of its folder.</param>
/// <param name="RecipeName">The recipe, as the table names it.</param>
/// <param name="Recipe">By which it is trained and measured; where it starts is filled in.</param>
/// <param name="After">The row whose model it starts from; null: the recipe says.</param>
/// <param name="Trained">False: the model that the recipe starts from is measured as it is.</param>
public sealed record CurriculumRow(string Name, string RecipeName, Recipe Recipe, string? After, bool Trained = true);

/// <summary>
/// Rows that are trained and measured one after the other in one folder, each from the result of another. What is finished is not made again, what was
/// interrupted goes on where it stopped, down to the step.
/// </summary>
/// <param name="output">The folder: a run folder for each trained row, <c>rows/NAME.json</c> for each finished one, <c>responses/NAME/</c>.</param>
/// <param name="rows">The rows; a row comes after the one it starts from.</param>
/// <param name="observer">Watches.</param>
public sealed class Curriculum(string output, IReadOnlyList<CurriculumRow> rows, IRunObserver observer)
{
    /// <summary>The run folders of the rows that are trained.</summary>
    public IReadOnlyList<string> Runs => [.. rows.Where(r => r.Trained).Select(Folder)];

    /// <summary>The rows that end in the given recipes: each of these, and what it comes after, by the <c>after</c> of the recipes.</summary>
    /// <param name="ends">Recipes by name, such as <c>mini/rl-s2</c>; <c>after</c> names a recipe beside them.</param>
    /// <param name="settings">Overrides, by stage.</param>
    /// <exception cref="UsageException">A recipe is wrong, or two of them have one name.</exception>
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
            rows.Add(new CurriculumRow(recipe.Name, name, recipe, after));
            return recipe.Name;
        }
    }

    /// <summary>Makes what is not there yet.</summary>
    /// <returns>The figures of all rows, in order.</returns>
    /// <exception cref="UsageException">The folder holds something else, or rows made by other recipes.</exception>
    /// <exception cref="OperationCanceledException">Interrupted, after saving what can be resumed.</exception>
    public async Task<IReadOnlyList<RowFigures>> RunAsync(CancellationToken cancellation = default)
    {
        var (recipes, contents) = Prepare();
        var figures = new List<RowFigures>();
        for (var i = 0; i < rows.Count; i++)
        {
            var (row, recipe) = (rows[i], recipes[i]);
            if (File.Exists(FiguresFile(row)))
            {
                observer.Say($"{row.Name}: already there");
                figures.Add(RowFigures.Read(FiguresFile(row)));
                continue;
            }

            var seconds = row.Trained ? Train(row, recipe, cancellation) : (double?)null;
            var model = row.Trained ? Path.Combine(Folder(row), "model") : recipe.Model.From!;
            var suites = await RecipeEvaluation.RunAsync(model, recipe, row.Name, Path.Combine(output, "responses", row.Name), observer, cancellation).ConfigureAwait(false);
            var finished = new RowFigures
            {
                Name = row.Name,
                Recipe = row.RecipeName,
                Scale = recipe.Scale.ToString().ToLowerInvariant(),
                Seed = recipe.Seed,
                Contents = contents[i],
                Grader = recipe.Evaluation.Grader,
                Dtype = recipe.Model.Dtype.ToString().ToLowerInvariant(),
                Processor = Runtime.ProcessorName,
                Cap = Cap(recipe.Rollout),
                TrainSeconds = seconds,
                Suites = suites,
            };
            finished.Write(FiguresFile(row));
            figures.Add(finished);
            foreach (var suite in suites)
                observer.Say($"{row.Name}: {suite.Name} mean@{suite.Samples} {suite.MeanAtK:P1}, pass@{suite.Samples} {suite.PassAtK:P1}, parallel {suite.ParallelRatio:P1}, well-formed {suite.WellFormedRatio:P1}");
        }

        return figures;
    }

    /// <summary>Resolves all recipes, with one type for all rows, and holds them against what is there: what cannot be done is said before anything is.</summary>
    private (List<Recipe> Recipes, List<string> Contents) Prepare()
    {
        Claim();
        var (recipes, contents) = (new List<Recipe>(), new List<string>());
        foreach (var row in rows)
        {
            var recipe = row.Recipe;
            if (row.After is { } after)
                recipe = recipe with { Model = recipe.Model with { From = Path.Combine(Folder(rows.First(r => r.Name == after)), "model") } };
            recipe = recipes is [var first, ..]
                ? recipe with { Model = recipe.Model with { Dtype = first.Model.Dtype, DtypeReason = first.Model.DtypeReason } }
                : StageModel.Resolve(WithStoredDtype(recipe), observer);
            var start = row.After is null ? Fingerprint(recipe.Model.From) : contents[rows.TakeWhile(r => r.Name != row.After).Count()];
            recipes.Add(recipe);
            contents.Add(Hash($"{row.Trained}\n{start}\n{RecipeFile.Write(recipe with { Threads = null, Model = recipe.Model with { From = null, DtypeReason = null } })}"));
            if (File.Exists(FiguresFile(row)) && RowFigures.Read(FiguresFile(row)).Contents != contents[^1])
            {
                throw new UsageException(
                    $"{FiguresFile(row)}: '{row.Name}' was made by another recipe, seed, type or starting model; choose another --out, or remove {output} to make everything again");
            }
        }

        return (recipes, contents);
    }

    /// <summary>With the type of the rows that were begun; measured again it could come out otherwise.</summary>
    private Recipe WithStoredDtype(Recipe recipe) =>
        rows.Where(r => r.Trained).Select(r => recipe.WithDtypeOf(Folder(r))).FirstOrDefault(r => r.Model.Dtype != DtypeChoice.Auto) ?? recipe;

    /// <summary>Takes a new or empty folder, or one that holds a curriculum.</summary>
    private void Claim()
    {
        if (File.Exists(output))
            throw new UsageException($"{output}: is a file; --out must name a folder");
        if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any() && !Directory.Exists(Path.Combine(output, "rows")))
            throw new UsageException($"{output}: not empty, and holds no rows of a curriculum; choose another --out, or remove it");
        Directory.CreateDirectory(Path.Combine(output, "rows"));
    }

    private double Train(CurriculumRow row, Recipe recipe, CancellationToken cancellation)
    {
        var clock = TimeProvider.System.GetTimestamp();
        var folder = Folder(row);
        // The model is what a run writes last.
        if (!Directory.Exists(Path.Combine(folder, "model")))
        {
            using var run = recipe.OpenRun(folder, resume: File.Exists(Path.Combine(folder, "recipe.yaml")));
            if (recipe.Stage == RecipeStage.Sft)
                SftStage.Run(recipe, run, observer, cancellation);
            else
                RlStage.Run(recipe, run, observer, cancellation);
        }

        return TimeProvider.System.GetElapsedTime(clock).TotalSeconds;
    }

    // Without blocks every token is on the critical path.
    private static int? Cap(RolloutRecipe rollout) =>
        rollout.CriticalTokens > 0 ? rollout.CriticalTokens : rollout.Parallel ? null : rollout.MaxTokens;

    private string Folder(CurriculumRow row) => Path.Combine(output, row.Name);

    private string FiguresFile(CurriculumRow row) => Path.Combine(output, "rows", $"{row.Name}.json");

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
