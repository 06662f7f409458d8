using ParallelR1.IO;
using ParallelR1.Models.Gguf;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;

namespace ParallelR1.Models;

/// <summary>Describes the contents of a model file or folder, from its headers alone.</summary>
public sealed record ModelInfo
{
    /// <summary>Gets the path as given.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the format: <c>folder</c>, <c>safetensors</c> or <c>gguf</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Gets the decoder's settings; null for a single safetensors file.</summary>
    public ModelConfig? Config { get; init; }

    /// <summary>Gets the names, stored types and shapes of the tensors.</summary>
    public required IReadOnlyList<(string Name, string Type, IReadOnlyList<long> Shape)> Tensors { get; init; }

    /// <summary>Gets the total size of the weight files in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Gets the ids of those of the six tags that the tokenizer has; null if there is no tokenizer.</summary>
    public IReadOnlyDictionary<ThinkingTag, int>? Tags { get; init; }

    /// <summary>Gets warnings about settings in the files that were changed or ignored.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Gets the number of parameters.</summary>
    public long Parameters => Tensors.Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b));

    /// <summary>Gets the number of parameters by stored type, most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Types => [.. Tensors
        .GroupBy(t => t.Type, (type, all) => KeyValuePair.Create(type, all.Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b))))
        .OrderByDescending(t => t.Value)
        .ThenBy(t => t.Key, StringComparer.Ordinal)];

    /// <summary>Reads the headers of a safetensors or GGUF file, or of a model folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="UsageException">The path does not exist.</exception>
    /// <exception cref="InputException">A file is damaged, or config and weights are inconsistent.</exception>
    public static ModelInfo Read(string path)
    {
        if (Directory.Exists(path))
            return OfFolder(path);
        if (!FileSize.IsThere(path))
            ModelPath.Require(path);
        // The extension counts too, so that a damaged file is reported as the format it was meant to be.
        return IsGguf(path) || System.IO.Path.GetExtension(path).Equals(".gguf", StringComparison.OrdinalIgnoreCase) ? OfGguf(path) : OfSafetensors(path);
    }

    private static ModelInfo OfFolder(string path)
    {
        var config = ModelConfig.Load(path);
        using var reader = CheckpointReader.Open(path);
        config = reader.Fit(config);
        var tokenizer = FileSize.IsThere(System.IO.Path.Combine(path, "tokenizer.json")) ? Tokenizer.Load(path) : null;
        return Of(path, "folder", reader) with
        {
            Config = config,
            Tags = tokenizer is null ? null : TagsOf(tokenizer.IdOf),
            Warnings = [.. config.Warnings, .. tokenizer?.Warnings ?? []],
        };
    }

    private static ModelInfo OfSafetensors(string path)
    {
        using var reader = CheckpointReader.Open(path);
        return Of(path, "safetensors", reader);
    }

    private static ModelInfo Of(string path, string format, CheckpointReader reader) => new()
    {
        Path = path,
        Format = format,
        Tensors = [.. reader.Tensors.Select(t => (t.Name, t.DType.ToString(), t.Shape))],
        FileBytes = reader.Files.Sum(f => FileSize.Of(f)),
    };

    private static ModelInfo OfGguf(string path)
    {
        using var file = GgufFile.Open(path);
        var tokens = new GgufMetadata(file).Texts("tokenizer.ggml.tokens");
        return new ModelInfo
        {
            Path = path,
            Format = "gguf",
            Config = GgufConfig.Read(file),
            Tensors = [.. file.Tensors.Select(t => (t.Name, t.Type.ToString(), t.Shape))],
            FileBytes = FileSize.Of(path),
            Tags = tokens.Length == 0 ? null : TagsOf(text => Array.IndexOf(tokens, text) is var id and >= 0 ? id : null),
        };
    }

    private static Dictionary<ThinkingTag, int> TagsOf(Func<string, int?> find)
    {
        var tags = new Dictionary<ThinkingTag, int>();
        foreach (var tag in Enum.GetValues<ThinkingTag>())
        {
            if (find(tag.Text()) is { } id)
                tags[tag] = id;
        }

        return tags;
    }

    private static bool IsGguf(string path)
    {
        Span<byte> magic = stackalloc byte[4];
        _ = FileSize.Of(path);
        using var stream = File.OpenRead(path);
        return stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("GGUF"u8);
    }
}
