using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Tokenization;
using ParallelR1.Torch;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>Opens the model of a recipe, from a folder or as a new one, and resolves its compute type.</summary>
public static class StageModel
{
    /// <summary>Checks that a recipe is for a stage and that its values are consistent.</summary>
    /// <exception cref="UsageException">The recipe is for another stage, or inconsistent; the message names the key.</exception>
    internal static void Require(Recipe recipe, RecipeStage stage)
    {
        if (recipe.Stage != stage || (stage == RecipeStage.Sft ? recipe.Sft is null : recipe.Rl is null || recipe.Reward is null) || recipe.Optimizer is null)
            throw new UsageException($"the recipe '{recipe.Name}' is for the stage '{recipe.Stage.ToString().ToLowerInvariant()}', not '{stage.ToString().ToLowerInvariant()}'; run it with that stage, or start from Recipe.Defaults");
        recipe.Require();
    }

    /// <summary>Gets the compute type of a recipe.</summary>
    /// <param name="recipe">The recipe; its dtype must be resolved (see <see cref="Resolve"/>).</param>
    public static ScalarType TypeOf(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe.Model.Dtype == DtypeChoice.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
    }

    /// <summary>Opens the model for training; its parameters require gradients.</summary>
    /// <param name="recipe">The recipe; its dtype must be resolved (see <see cref="Resolve"/>).</param>
    /// <param name="observer">Receives warnings about files of the model that were read differently from what they state; null for none.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="UsageException">The recipe names no model, or <c>model.fresh_tags</c> is set and the model does not have the six tags.</exception>
    public static LanguageModel Open(Recipe recipe, IRunObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        UseThreads(recipe);
        var type = TypeOf(recipe);
        var model = recipe.Model.From is { } folder
            ? LanguageModel.Load(folder, type, recipe.Data.ChatTemplate)
            : Create(recipe.Model.Init ?? throw new UsageException("model: neither 'from' nor 'init'; say where the model comes from"), recipe, type);
        foreach (var warning in model.Warnings)
            observer?.Say($"warning: {warning}");
        if (recipe.Model.FreshTags)
            FreshTags.Draw(model, RandomKey.FromSeed(recipe.Seed).Fold("tags"));
        model.Decoder.SetTrainable();
        model.Decoder.Exact = recipe.Rl is { } rl && (recipe.Rollout.Exact ?? (rl.SeenCorrection == SeenCorrection.AsSampled && model.Decoder.CanBeExact));
        return Numbered(model, recipe);
    }

    /// <summary>Loads a model folder for evaluation with the options of a recipe; no parameter requires gradients.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="recipe">The recipe; its dtype must be resolved (see <see cref="Resolve"/>).</param>
    public static LanguageModel Load(string folder, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        UseThreads(recipe);
        return Numbered(LanguageModel.Load(folder, TypeOf(recipe), recipe.Data.ChatTemplate), recipe);
    }

    /// <summary>
    /// Returns the recipe with values that are measured on this machine filled in, so that it can be stored with the run. A type that the recipe
    /// requests explicitly is kept, with a warning if it is incorrect or slow on this machine.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="observer">Receives warnings.</param>
    /// <returns>The recipe with a dtype other than <c>auto</c>.</returns>
    /// <exception cref="UsageException">The recipe names no starting model, because it starts from the result of another recipe.</exception>
    public static Recipe Resolve(Recipe recipe, IRunObserver observer)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(observer);
        if (recipe.Model is { From: null, Init: null })
            throw new UsageException($"the recipe '{recipe.Name}' starts from the result of '{recipe.After}'; run that first, then say where it is, as in --set model.from=runs/{recipe.After}/model");
        // Measurements of the types use the thread count of the recipe.
        UseThreads(recipe);
        if (recipe.Model.Dtype != DtypeChoice.Auto)
        {
            if (ComputeDevice.Dtype.Objection(TypeOf(recipe)) is { } objection)
                observer.Say($"warning: {objection}; the recipe's model.dtype is kept");
            return recipe;
        }

        var type = ComputeDevice.Dtype.Auto == ScalarType.BFloat16 ? DtypeChoice.Bf16 : DtypeChoice.F32;
        return recipe with { Model = recipe.Model with { Dtype = type, DtypeReason = ComputeDevice.Dtype.Reason } };
    }

    private static LanguageModel Numbered(LanguageModel model, Recipe recipe)
    {
        model.NumberPaths = recipe.Rollout.NumberPaths ?? model.NumberPaths;
        return model;
    }

    private static void UseThreads(Recipe recipe)
    {
        if (recipe.Threads is { } threads && ThreadSettings.Requested is null)
            Runtime.Threads = threads;
    }

    private static LanguageModel Create(ModelInitRecipe init, Recipe recipe, ScalarType type)
    {
        var tokenizer = Tokenizer.Load(init.Tokenizer!);
        var headDim = init.HeadDim ?? init.HiddenSize / init.Heads;
        var config = new ModelConfig
        {
            Architecture = init.Architecture,
            VocabSize = tokenizer.IdLimit,
            HiddenSize = init.HiddenSize,
            IntermediateSize = init.IntermediateSize,
            Layers = init.Layers,
            Heads = init.Heads,
            KeyValueHeads = init.KvHeads,
            HeadDim = headDim,
            QueryKeyNorm = init.Architecture == ModelArchitecture.Qwen3,
            QueryKeyValueBias = init.Architecture == ModelArchitecture.Qwen2,
            TieWordEmbeddings = init.TieEmbeddings,
            MaxPositions = init.MaxPositions,
            Rope = new RopeConfig(init.RopeTheta, headDim),
            EosIds = tokenizer.EosId is { } eos ? [eos] : [],
            PadId = tokenizer.PadId,
            BosId = tokenizer.BosId,
            InitializerRange = init.InitializerRange,
        };
        var decoder = DecoderFiles.Create(config, RandomKey.FromSeed(recipe.Seed).Fold("weights"), type, ComputeDevice.Default);
        return new LanguageModel(decoder, tokenizer, recipe.Data.ChatTemplate);
    }
}
