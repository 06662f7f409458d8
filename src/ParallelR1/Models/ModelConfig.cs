using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>
/// The settings of a decoder: those of a Hugging Face <c>config.json</c> (model types qwen3, qwen2 and llama; the key names of
/// transformers 4 and 5), with the defaults of transformers.
/// </summary>
public sealed record ModelConfig
{
    /// <summary>Gets the model family.</summary>
    public required ModelArchitecture Architecture { get; init; }

    /// <summary>Gets the number of rows of the embedding and the head; at least the number of ids of the tokenizer.</summary>
    public required int VocabSize { get; init; }

    /// <summary>Gets the width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Gets the width of the gated feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Gets the number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Gets the number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Gets the number of key and value heads; a divisor of <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Gets the size of a head; not necessarily hidden size ÷ heads.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Gets the ε inside the root of RMSNorm, 10⁻⁶ by default.</summary>
    public double RmsNormEps { get; init; } = 1e-6;

    /// <summary>Gets whether the head shares the embedding's matrix (there is then no <c>lm_head.weight</c>); false by default.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Gets the maximum context length of the model in tokens, 2048 by default.</summary>
    public int MaxPositions { get; init; } = 2048;

    /// <summary>Gets whether the query, key and value projections have biases.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Gets whether the attention's output projection has a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Gets whether the three feed-forward projections have biases.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Gets whether RMSNorm is applied to every head's query and key before the rotation (Qwen3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Gets the settings of the rotary position embedding.</summary>
    public required RopeConfig Rope { get; init; }

    /// <summary>Gets the begin-of-text id; null if the model has none.</summary>
    public int? BosId { get; init; }

    /// <summary>Gets the ids that end a response: those of generation_config.json if it has any, else those of config.json.</summary>
    public IReadOnlyList<int> EosIds { get; init; } = [];

    /// <summary>Gets the padding id; null if the model has none.</summary>
    public int? PadId { get; init; }

    /// <summary>Gets the type of the stored weights, as the config states it; F32 by default.</summary>
    public CheckpointDType WeightType { get; init; } = CheckpointDType.F32;

    /// <summary>Gets the standard deviation of newly initialized weights, 0.02 by default.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Gets warnings about settings in the files that were changed or ignored, as sentences; empty for most models.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Reads <c>config.json</c> and, if it exists, <c>generation_config.json</c> of a model folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="UsageException">The folder or its config.json does not exist.</exception>
    /// <exception cref="InputException">A setting is missing, invalid or not supported; the message names the key.</exception>
    public static ModelConfig Load(string folder)
    {
        ModelPath.Require(folder);
        return ModelConfigReader.Read(folder);
    }

    /// <summary>Writes <c>config.json</c> into an existing folder, with the key names of transformers 4, which every library reads.</summary>
    /// <param name="folder">The folder.</param>
    public void Save(string folder) => ModelConfigWriter.Write(this, Path.Combine(folder, "config.json"));

    /// <summary>Writes <c>generation_config.json</c> (begin-of-text, end and padding ids) into an existing folder.</summary>
    /// <param name="folder">The folder.</param>
    public void SaveGenerationConfig(string folder) =>
        ModelConfigWriter.WriteGeneration(this, Path.Combine(folder, "generation_config.json"));

    /// <summary>Lists every tensor of the decoder, by its name in a Hugging Face checkpoint, with its shape.</summary>
    public IEnumerable<KeyValuePair<string, long[]>> Tensors() => ModelTensors.Of(this);
}

/// <summary>The supported decoder families.</summary>
public enum ModelArchitecture
{
    /// <summary>Llama and models with its architecture (SmolLM2): optional biases, no query/key norm.</summary>
    Llama,

    /// <summary>Qwen2: biases on query, key and value projections.</summary>
    Qwen2,

    /// <summary>Qwen3: a norm on every head's queries and keys.</summary>
    Qwen3,
}
