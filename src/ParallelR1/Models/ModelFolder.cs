using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>Writes model folders, which include the tokenizer.</summary>
internal static class ModelFolder
{
    private static readonly string[] s_tokenizerFiles =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "chat_template.jinja",
    ];

    /// <summary>Copies the tokenizer's files and the generation settings, if they exist.</summary>
    public static void CopyTokenizer(string source, string destination)
    {
        foreach (var name in s_tokenizerFiles.Append("generation_config.json"))
        {
            var file = Path.Combine(source, name);
            if (File.Exists(file))
                File.Copy(file, Path.Combine(destination, name), overwrite: true);
        }
    }

    /// <summary>
    /// Writes a model into an existing folder: config, weights, and the tokenizer and generation settings of the model that it is derived from.
    /// </summary>
    /// <param name="folder">An existing folder, such as <see cref="NewFolder.Create"/> provides.</param>
    /// <param name="config">The decoder's settings; the weights must be of <see cref="ModelConfig.WeightType"/>.</param>
    /// <param name="tensors">The weights under their checkpoint names.</param>
    /// <param name="tokenizerSource">The folder with the tokenizer of the weights, or null.</param>
    public static void Write(string folder, ModelConfig config, IEnumerable<TensorSource> tensors, string? tokenizerSource)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Save(folder);
        config.SaveGenerationConfig(folder);
        if (tokenizerSource is not null)
            CopyTokenizer(tokenizerSource, folder);
        CheckpointWriter.Write(folder, tensors);
    }
}
