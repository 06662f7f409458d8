using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>
/// What a decoder is made of: the settings of a Hugging Face <c>config.json</c> (model types qwen3, qwen2, llama; the
/// spellings of transformers 4 and 5), with defaults filled in as transformers fills them.
/// </summary>
public sealed record ModelConfig
{
    /// <summary>The family.</summary>
    public required ModelArchitecture Architecture { get; init; }

    /// <summary>Rows of the embedding and of the head; at least as many as the tokenizer has ids.</summary>
    public required int VocabSize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the gated feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Size of a head; need not be hidden size ÷ heads.</summary>
    public required int HeadDim { get; init; }

    /// <summary>The ε inside the root of RMSNorm.</summary>
    public double RmsNormEps { get; init; } = 1e-6;

    /// <summary>Whether the head shares the embedding's matrix (there is then no <c>lm_head.weight</c>).</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Longest context that the model is meant for.</summary>
    public int MaxPositions { get; init; } = 2048;

    /// <summary>Biases on the query, key and value projections.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Bias on the attention's output projection.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Biases on the three feed-forward projections.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>RMSNorm over every head's query and key before the rotation (Qwen3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Rotary embedding.</summary>
    public required RopeConfig Rope { get; init; }

    /// <summary>Begin-of-text id, if the model has one.</summary>
    public int? BosId { get; init; }

    /// <summary>Ids that end a response: of generation_config.json where it has them, else of config.json.</summary>
    public IReadOnlyList<int> EosIds { get; init; } = [];

    /// <summary>Padding id, if the model has one.</summary>
    public int? PadId { get; init; }

    /// <summary>The type in which the weights are stored, as the config states it; F32 where it does not.</summary>
    public CheckpointDType WeightType { get; init; } = CheckpointDType.F32;

    /// <summary>Standard deviation with which fresh weights are drawn.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>What was read otherwise than the files say, or ignored, as sentences for a person; empty for most models.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Reads <c>config.json</c> (and <c>generation_config.json</c> where there is one) of a model folder.</summary>
    /// <exception cref="UsageException">No such folder or no config.json in it.</exception>
    /// <exception cref="InputException">A setting is missing, impossible or not supported; the message names the key.</exception>
    public static ModelConfig Load(string folder)
    {
        ModelPath.Require(folder);
        return ModelConfigReader.Read(folder);
    }

    /// <summary>Writes <c>config.json</c> into an existing folder, in the spelling of transformers 4, which every library reads.</summary>
    public void Save(string folder) => ModelConfigWriter.Write(this, Path.Combine(folder, "config.json"));

    /// <summary>Writes <c>generation_config.json</c> (begin, end and padding ids) into an existing folder.</summary>
    public void SaveGenerationConfig(string folder) =>
        ModelConfigWriter.WriteGeneration(this, Path.Combine(folder, "generation_config.json"));

    /// <summary>Every tensor that the decoder has, by its name in a Hugging Face checkpoint, with its shape.</summary>
    public IEnumerable<KeyValuePair<string, long[]>> Tensors() => ModelTensors.Of(this);
}

/// <summary>The decoder families that are understood.</summary>
public enum ModelArchitecture
{
    /// <summary>Llama and what copies it (SmolLM2): optional biases, no query/key norm.</summary>
    Llama,

    /// <summary>Qwen2: biases on query, key and value projections.</summary>
    Qwen2,

    /// <summary>Qwen3: a norm on every head's queries and keys.</summary>
    Qwen3,
}
