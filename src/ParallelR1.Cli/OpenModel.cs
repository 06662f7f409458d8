using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Cli;

/// <summary>A model folder for scoring and decoding. Other than a <see cref="LanguageModel"/> it may lack a tokenizer.</summary>
internal sealed class OpenModel : IDisposable
{
    private OpenModel(Decoder decoder, LanguageModel? language, TagIds? tags, IReadOnlyList<int> eos) =>
        (Decoder, Language, Tags, Eos) = (decoder, language, tags, eos);

    public Decoder Decoder { get; }

    /// <summary>Decoder and tokenizer; null for a folder without a tokenizer.</summary>
    public LanguageModel? Language { get; }

    /// <summary>The six tags: those of the given file, else those of the tokenizer; null where there are none.</summary>
    public TagIds? Tags { get; }

    /// <summary>Tokens that end a response.</summary>
    public IReadOnlyList<int> Eos { get; }

    /// <param name="folder">The model folder.</param>
    /// <param name="type">Type of parameters and arithmetic; null: the faster one on this machine.</param>
    /// <param name="tagsFile">JSON object from tag to id; null: the tokenizer knows the tags.</param>
    /// <param name="chatTemplate">A chat template by name; null: the folder's.</param>
    public static OpenModel Load(string folder, ScalarType? type, string? tagsFile, string? chatTemplate = null)
    {
        var tags = tagsFile is null ? null : TagIds.FromFile(tagsFile);
        var config = ModelConfig.Load(folder);
        foreach (var tag in tags is null ? [] : Enum.GetValues<ThinkingTag>())
        {
            if (tags![tag] >= config.VocabSize)
                throw new InputException($"{tagsFile}: the id of {tag.Text()} is {tags[tag]}, the model's vocabulary ends at {config.VocabSize - 1}; is the file for another model?");
        }

        var used = type ?? ComputeDevice.Dtype.Auto;
        if (File.Exists(Path.Combine(folder, "tokenizer.json")))
        {
            var language = LanguageModel.Load(folder, used, chatTemplate);
            ModelWarnings.Print(language.Warnings);
            return new OpenModel(language.Decoder, language, tags ?? language.Tags, language.Eos);
        }

        var decoder = DecoderFiles.Load(folder, used, ComputeDevice.Default);
        ModelWarnings.Print(decoder.Config.Warnings);
        return new OpenModel(decoder, null, tags, [.. decoder.Config.EosIds.Concat(tags?.Eos is { } eos ? [eos] : []).Distinct()]);
    }

    public Engine CreateEngine(EngineLimits limits) =>
        new(Decoder, Tags, [.. Eos], limits, Language?.PathNumbers, Language is { } language ? () => language.Tokenizer.CreateStreamDecoder() : null);

    public void Dispose() => Decoder.Dispose();
}

/// <summary>What a model's files said and was read otherwise, on standard error.</summary>
internal static class ModelWarnings
{
    public static void Print(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
            Console.Error.WriteLine($"warning: {warning}");
    }
}
