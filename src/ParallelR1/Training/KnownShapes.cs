using ParallelR1.Models;
using ParallelR1.Tokenization;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>Shapes of the models that the recipes of the three scales train, available without the models.</summary>
public static class KnownShapes
{
    /// <summary>The bundled base, with the bundled tokenizer.</summary>
    public static ModelConfig Mini { get; } = Of(ModelArchitecture.Qwen3, 699, 160, 480, layers: 4, heads: 5, kvHeads: 5, headDim: 32);

    /// <summary>SmolLM2-135M with the six tags.</summary>
    public static ModelConfig Small { get; } = Of(ModelArchitecture.Llama, 49158, 576, 1536, layers: 30, heads: 9, kvHeads: 3, headDim: 64);

    /// <summary>Qwen3-4B.</summary>
    public static ModelConfig Paper { get; } = Of(ModelArchitecture.Qwen3, 151936, 2560, 9728, layers: 36, heads: 32, kvHeads: 8, headDim: 128);

    /// <summary>Gets the shape of the model of a recipe: for a new model that of the recipe, for a folder that of its config, else that of the scale's model.</summary>
    internal static ModelConfig Of(Recipe recipe) => recipe.Model switch
    {
        { Init: { } init } => Of(
            init.Architecture, Path.Exists(init.Tokenizer) ? Tokenizer.Load(init.Tokenizer!).IdLimit : Mini.VocabSize, init.HiddenSize, init.IntermediateSize,
            init.Layers, init.Heads, init.KvHeads, init.HeadDim ?? init.HiddenSize / init.Heads) with
        { TieWordEmbeddings = init.TieEmbeddings },
        { From: { } folder } when File.Exists(Path.Combine(folder, "config.json")) => ModelConfig.Load(folder),
        _ => OfScale(recipe.Scale),
    };

    private static ModelConfig OfScale(RecipeScale scale) => scale switch
    {
        RecipeScale.Small => Small,
        RecipeScale.Paper => Paper,
        _ => Mini,
    };

    private static ModelConfig Of(ModelArchitecture architecture, int vocabulary, int hidden, int intermediate, int layers, int heads, int kvHeads, int headDim) => new()
    {
        Architecture = architecture,
        VocabSize = vocabulary,
        HiddenSize = hidden,
        IntermediateSize = intermediate,
        Layers = layers,
        Heads = heads,
        KeyValueHeads = kvHeads,
        HeadDim = headDim,
        QueryKeyNorm = architecture == ModelArchitecture.Qwen3,
        QueryKeyValueBias = architecture == ModelArchitecture.Qwen2,
        TieWordEmbeddings = true,
        Rope = new RopeConfig(10000, headDim),
    };
}
