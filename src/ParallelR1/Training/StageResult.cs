using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>The result of a stage: a Hugging Face folder with a model card.</summary>
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
            Recipe = RecipeFile.Write(recipe),
        });
    }
}
