using ParallelR1.Models;
using ParallelR1.Tokenization;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>The shape of the model that a recipe trains, also where the model is not on this machine.</summary>
internal static class KnownShapes
{
    private static readonly ModelConfig s_smol = Of(ModelArchitecture.Llama, 49158, 576, 1536, layers: 30, heads: 9, kvHeads: 3, headDim: 64);
    private static readonly ModelConfig s_qwen = Of(ModelArchitecture.Qwen3, 151936, 2560, 9728, layers: 36, heads: 32, kvHeads: 8, headDim: 128);
    private static readonly ModelConfig s_mini = Of(ModelArchitecture.Qwen3, 697, 160, 480, layers: 4, heads: 5, kvHeads: 5, headDim: 32);

    /// <summary>The shape: of a new model what the recipe says, of a folder what its config says, else that of the scale's model.</summary>
    public static ModelConfig Of(Recipe recipe) => recipe.Model switch
    {
        { Init: { } init } => Of(
            init.Architecture, Path.Exists(init.Tokenizer) ? Tokenizer.Load(init.Tokenizer!).IdLimit : s_mini.VocabSize, init.HiddenSize, init.IntermediateSize,
            init.Layers, init.Heads, init.KvHeads, init.HeadDim ?? init.HiddenSize / init.Heads) with
        { TieWordEmbeddings = init.TieEmbeddings },
        { From: { } folder } when File.Exists(Path.Combine(folder, "config.json")) => ModelConfig.Load(folder),
        _ => OfScale(recipe.Scale),
    };

    private static ModelConfig OfScale(RecipeScale scale) => scale switch
    {
        RecipeScale.Small => s_smol,
        RecipeScale.Paper => s_qwen,
        _ => s_mini,
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
