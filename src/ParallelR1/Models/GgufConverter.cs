using ParallelR1.IO;
using ParallelR1.Models.Gguf;
using ParallelR1.Tokenization;

namespace ParallelR1.Models;

/// <summary>Converts GGUF files to Hugging Face folders with dequantised weights, config and tokenizer.</summary>
public static class GgufConverter
{
    /// <summary>Converts a file; the output folder is written atomically.</summary>
    /// <param name="path">The GGUF file (llama, qwen2 or qwen3).</param>
    /// <param name="output">The folder to create.</param>
    /// <param name="type">Type of the written weights; null for BF16 or F16 if the file holds nothing more precise, else F32.</param>
    /// <param name="cancellation">Stops between tensors, without leaving an output folder.</param>
    /// <returns>The written config; its warnings list settings that were inferred because the file lacks them.</returns>
    /// <exception cref="UsageException">The file does not exist, or the output folder is not empty.</exception>
    /// <exception cref="InputException">The file is damaged or of an unsupported kind.</exception>
    /// <exception cref="OperationCanceledException">The conversion was cancelled.</exception>
    public static ModelConfig Convert(string path, string output, CheckpointDType? type = null, CancellationToken cancellation = default)
    {
        using var file = GgufFile.Open(path);
        NewFolder.CheckFree(output);
        var stored = type ?? GgufConversion.LosslessType(file);
        var config = GgufConfig.Read(file) with { WeightType = stored };
        var tensors = GgufConversion.Tensors(file, config, stored, cancellation);
        var warnings = new List<string>();
        var vocabulary = GgufTokens.Read(file, warnings);
        if (vocabulary is not null && vocabulary.Tokens.Count > config.VocabSize)
            throw new InputException($"{path}: has {vocabulary.Tokens.Count} tokens, but only {config.VocabSize} rows in 'token_embd.weight'");
        var tokenizer = vocabulary is null ? null : Tokenizer(path, vocabulary);
        NewFolder.Create(output, folder =>
        {
            ModelFolder.Write(folder, config, tensors, null);
            tokenizer?.Save(folder);
            ModelCard.Write(folder, Card(file, stored));
        });
        return config with { Warnings = [.. config.Warnings, .. warnings] };
    }

    private static Tokenizer Tokenizer(string path, GgufVocabulary vocabulary)
    {
        try
        {
            return Tokenization.Tokenizer.FromGguf(vocabulary);
        }
        catch (InputException e)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
    }

    private static ModelCard Card(GgufFile file, CheckpointDType type)
    {
        var metadata = new GgufMetadata(file);
        var name = metadata.Text("general.name") ?? Path.GetFileNameWithoutExtension(file.Path);
        var types = file.Tensors.GroupBy(t => t.Type).OrderByDescending(g => g.Count()).Select(g => g.Key.ToString());
        return new ModelCard(name)
        {
            Description = $"Converted from {Path.GetFileName(file.Path)}: weights of type {string.Join(", ", types)} dequantised to {type}.",
            BaseModel = name,
            Data = ["That of the model it was converted from."],
            Recipe = "model convert",
            Licence = metadata.Text("general.license"),
        };
    }
}
