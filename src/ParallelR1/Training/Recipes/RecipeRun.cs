using ParallelR1.Runs;

namespace ParallelR1.Training.Recipes;

/// <summary>Opens the folder of a recipe's run.</summary>
public static class RecipeRun
{
    /// <summary>Keys that may differ between a resumed run and the stored one: they affect length and monitoring of a run, not how it learns.</summary>
    private static readonly string[] Free = ["rl.steps", "sft.steps", "sft.epochs", "checkpoint.", "evaluation.", "threads", "title", "name", "rl.rollouts_kept", "model.dtype_reason"];

    /// <summary>Starts a run in a new or empty folder, or resumes one that was started with the same recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="path">The folder of the run.</param>
    /// <param name="resume">Whether to resume the run in the folder.</param>
    /// <returns>The opened folder of the run.</returns>
    /// <exception cref="UsageException">See <see cref="RunFolder.Open"/>; or the stored recipe differs in a key that must not change when a run is resumed.</exception>
    public static RunFolder OpenRun(this Recipe recipe, string path, bool resume)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return RunFolder.Open(path, RecipeFile.Write(recipe), recipe.Checkpoint.Keep, resume ? (file, stored) => RequireResumable(file, stored, recipe) : null);
    }

    /// <summary>
    /// Returns the recipe with the dtype <c>auto</c> replaced by that of the run to resume, because a new measurement could choose another one.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="path">The folder of the run; without a stored recipe in it, the recipe is returned unchanged.</param>
    public static Recipe WithDtypeOf(this Recipe recipe, string path)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var file = Path.Combine(path, "recipe.yaml");
        if (recipe.Model.Dtype != DtypeChoice.Auto || !File.Exists(file))
            return recipe;
        var stored = RecipeFile.Parse(File.ReadAllText(file), file).Model;
        return recipe with { Model = recipe.Model with { Dtype = stored.Dtype, DtypeReason = stored.DtypeReason } };
    }

    private static void RequireResumable(string file, string stored, Recipe given)
    {
        var (before, after) = (RecipeFile.Flatten(RecipeFile.Parse(stored, file)), RecipeFile.Flatten(given));
        foreach (var key in before.Keys.Union(after.Keys))
        {
            var (a, b) = (before.GetValueOrDefault(key, "(absent)"), after.GetValueOrDefault(key, "(absent)"));
            if (a != b && !Free.Any(f => key == f || (f[^1] == '.' && key.StartsWith(f, StringComparison.Ordinal))))
                throw new UsageException($"{file}: the stored run has {key}: {a}, the recipe given now {b}; resume with the same recipe (this file), or start a new run in another --out");
        }
    }
}
