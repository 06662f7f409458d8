using System.Text.Json.Nodes;
using ParallelR1.Models;
using ParallelR1.Training;

namespace ParallelR1.Cli.Benchmarks;

/// <summary>A model and the lengths of the sequences that a step trains it on.</summary>
/// <param name="Name">Its name in the results.</param>
/// <param name="Config">The decoder.</param>
/// <param name="Sequences">Sequences of a step.</param>
/// <param name="Shortest">Length of the shortest.</param>
/// <param name="Longest">Length of the longest.</param>
internal sealed record ModelShape(string Name, ModelConfig Config, int Sequences, int Shortest, int Longest)
{
    /// <summary>The bundled model's shape: about 8,000 tokens of sequences of about 75.</summary>
    public static ModelShape Mini { get; } = new("mini", Trainable(KnownShapes.Mini), 108, 50, 100);

    /// <summary>SmolLM2-135M's shape: about 1,000 tokens of sequences of about 250.</summary>
    public static ModelShape Small { get; } = new("smollm2-135m", Trainable(KnownShapes.Small), 4, 200, 300);

    /// <summary>All shapes.</summary>
    public static IReadOnlyList<ModelShape> All { get; } = [Mini, Small];

    /// <summary>The lengths of the sequences.</summary>
    public int[] Lengths()
    {
        var key = RandomKey.FromSeed(0).Fold("lengths");
        return [.. Enumerable.Range(0, Sequences).Select(i => Shortest + key.Next(Longest - Shortest + 1, i))];
    }

    /// <summary>The case as a peer reads it.</summary>
    public JsonObject ToJson(string dtype) => new()
    {
        ["dtype"] = dtype,
        ["vocab"] = Config.VocabSize,
        ["hidden"] = Config.HiddenSize,
        ["intermediate"] = Config.IntermediateSize,
        ["layers"] = Config.Layers,
        ["heads"] = Config.Heads,
        ["kv_heads"] = Config.KeyValueHeads,
        ["head_dim"] = Config.HeadDim,
        ["qk_norm"] = Config.QueryKeyNorm,
        ["lengths"] = new JsonArray([.. Lengths().Select(x => JsonValue.Create(x))]),
    };

    private static ModelConfig Trainable(ModelConfig shape) => shape with { MaxPositions = 2048, InitializerRange = 0.05 };
}
