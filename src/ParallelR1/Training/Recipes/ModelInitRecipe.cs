using ParallelR1.Models;
using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>The shape of a new model; its vocabulary is the tokenizer's.</summary>
public sealed record ModelInitRecipe : IOptionChecks
{
    /// <summary>The family of the decoder.</summary>
    public ModelArchitecture Architecture { get; init; } = ModelArchitecture.Qwen3;

    /// <summary>The folder with the tokenizer's files.</summary>
    [PathOrName]
    public string? Tokenizer { get; init; }

    /// <summary>Width of the residual stream.</summary>
    [Bounds(8, 65536)]
    public int HiddenSize { get; init => field = Options.Checked(this, value); } = 128;

    /// <summary>Number of layers.</summary>
    [Bounds(1, 1024)]
    public int Layers { get; init => field = Options.Checked(this, value); } = 4;

    /// <summary>Query heads.</summary>
    [Bounds(1, 1024)]
    public int Heads { get; init => field = Options.Checked(this, value); } = 4;

    /// <summary>Heads of keys and values; divides <c>heads</c>.</summary>
    [Bounds(1, 1024)]
    public int KvHeads { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Width of a head; null: <c>hidden_size / heads</c>.</summary>
    [Bounds(2, 1024)]
    public int? HeadDim { get; init => field = Options.Checked(this, value); }

    /// <summary>Inner width of the feed-forward layers.</summary>
    [Bounds(8, 1 << 20)]
    public int IntermediateSize { get; init => field = Options.Checked(this, value); } = 384;

    /// <summary>Use the embedding as the output head.</summary>
    public bool TieEmbeddings { get; init; } = true;

    /// <summary>Base of the rotary frequencies.</summary>
    [Bounds(1, 1e12)]
    public double RopeTheta { get; init => field = Options.Checked(this, value); } = 10000;

    /// <summary>Longest sequence, in positions.</summary>
    [Bounds(16, 1 << 24)]
    public int MaxPositions { get; init => field = Options.Checked(this, value); } = 2048;

    /// <summary>Standard deviation of the initial weights.</summary>
    [Bounds(0, 1, Above = true)]
    public double InitializerRange { get; init => field = Options.Checked(this, value); } = 0.02;

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        if (Tokenizer is null)
            yield return ("tokenizer", "say which tokenizer the new model uses: a folder with tokenizer.json");
        if (Heads % KvHeads != 0)
            yield return ("kv_heads", $"must divide heads: {Heads} query heads cannot share {KvHeads} heads of keys and values evenly");
        if (HeadDim is null && HiddenSize % Heads != 0)
            yield return ("hidden_size", $"{HiddenSize} is not a multiple of heads ({Heads}); change one of them or set head_dim");
        if ((HeadDim ?? HiddenSize / Heads) % 2 != 0)
            yield return (HeadDim is null ? "hidden_size" : "head_dim", "the width of a head must be even, because rotary positions turn pairs");
    }
}
