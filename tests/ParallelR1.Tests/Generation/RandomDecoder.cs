using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Generation;

/// <summary>Small decoders with random weights.</summary>
internal static class RandomDecoder
{
    public static ModelConfig Config(int vocabulary) => new()
    {
        Architecture = ModelArchitecture.Qwen3,
        VocabSize = vocabulary,
        HiddenSize = 32,
        IntermediateSize = 48,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 2,
        HeadDim = 12,
        QueryKeyNorm = true,
        TieWordEmbeddings = false,
        MaxPositions = 512,
        Rope = new RopeConfig(10000, 12),
        InitializerRange = 0.25,
    };

    public static Decoder Create(int vocabulary, ScalarType type = ScalarType.Float32) => DecoderFiles.Create(Config(vocabulary), RandomKey.FromSeed(3), type);
}
