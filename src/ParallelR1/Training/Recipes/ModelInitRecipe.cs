using ParallelR1.Models;
using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>The shape of a new model. The tokenizer determines the size of its vocabulary.</summary>
public sealed record ModelInitRecipe : IOptionChecks
{
    /// <summary>The model architecture, <see cref="ModelArchitecture.Qwen3"/> by default.</summary>
    public ModelArchitecture Architecture { get; init; } = ModelArchitecture.Qwen3;

    /// <summary>Folder with the files of the tokenizer; required.</summary>
    [PathOrName]
    public string? Tokenizer { get; init; }

    /// <summary>Width of the residual stream, 128 by default.</summary>
    [Bounds(8, 65536)]
    public int HiddenSize { get; init => field = Options.Checked(this, value); } = 128;

    /// <summary>Number of layers, 4 by default.</summary>
    [Bounds(1, 1024)]
    public int Layers { get; init => field = Options.Checked(this, value); } = 4;

    /// <summary>Number of query heads, 4 by default.</summary>
    [Bounds(1, 1024)]
    public int Heads { get; init => field = Options.Checked(this, value); } = 4;

    /// <summary>Number of key/value heads, 2 by default; must divide <c>heads</c>.</summary>
    [Bounds(1, 1024)]
    public int KvHeads { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Width of a head; null (the default) for <c>hidden_size / heads</c>.</summary>
    [Bounds(2, 1024)]
    public int? HeadDim { get; init => field = Options.Checked(this, value); }

    /// <summary>Inner width of the feed-forward layers, 384 by default.</summary>
    [Bounds(8, 1 << 20)]
    public int IntermediateSize { get; init => field = Options.Checked(this, value); } = 384;

    /// <summary>Whether the embedding matrix is also the output head; true by default.</summary>
    public bool TieEmbeddings { get; init; } = true;

    /// <summary>Base of the rotary frequencies, 10000 by default.</summary>
    [Bounds(1, 1e12)]
    public double RopeTheta { get; init => field = Options.Checked(this, value); } = 10000;

    /// <summary>Context length in positions, 2048 by default.</summary>
    [Bounds(16, 1 << 24)]
    public int MaxPositions { get; init => field = Options.Checked(this, value); } = 2048;

    /// <summary>Standard deviation of the initial weights, 0.02 by default.</summary>
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
