using ParallelR1.Tokenization;

namespace ParallelR1.Models.Gguf;

/// <summary>The tokenizer's part of a GGUF file's metadata.</summary>
internal static class GgufTokens
{
    private const string Prefix = "tokenizer.ggml";

    /// <summary>The vocabulary, or null where the file has none.</summary>
    public static GgufVocabulary? Read(GgufFile file)
    {
        var metadata = new GgufMetadata(file);
        var model = metadata.Text($"{Prefix}.model");
        if (model is null or "none" or "no_vocab")
            return null;
        if (model != "gpt2")
            throw metadata.Error($"{Prefix}.model", $"'{model}' is not supported; gpt2 (byte-level BPE) is");
        return new GgufVocabulary(
            metadata.Texts($"{Prefix}.tokens"),
            metadata.Texts($"{Prefix}.merges"),
            metadata.Integers($"{Prefix}.token_type"),
            metadata.Text($"{Prefix}.pre") ?? "default")
        {
            ChatTemplate = metadata.Text("tokenizer.chat_template"),
            BosId = Id(metadata, "bos"),
            EosId = Id(metadata, "eos"),
            PadId = Id(metadata, "padding"),
            UnknownId = Id(metadata, "unknown"),
            AddBos = metadata.Flag($"{Prefix}.add_bos_token") ?? false,
        };
    }

    private static int? Id(GgufMetadata metadata, string role) => metadata.Integer($"{Prefix}.{role}_token_id", 0, int.MaxValue);
}
