using ParallelR1.Tokenization;

namespace ParallelR1.Models.Gguf;

/// <summary>Reads the tokenizer from a GGUF file's metadata.</summary>
internal static class GgufTokens
{
    private const string Prefix = "tokenizer.ggml";

    private static readonly string[] s_roles = ["bos", "eos", "eot", "eom", "unknown", "padding"];

    /// <summary>Reads the vocabulary; null if the file has none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="warnings">Receives warnings about settings that were inferred because the file lacks them.</param>
    /// <exception cref="InputException">The file does not define how text is tokenized, or uses an unsupported tokenizer.</exception>
    public static GgufVocabulary? Read(GgufFile file, List<string> warnings)
    {
        var metadata = new GgufMetadata(file);
        var model = metadata.Text($"{Prefix}.model");
        if (model is null or "none" or "no_vocab")
            return null;
        if (model != "gpt2")
            throw metadata.Error($"{Prefix}.model", $"'{model}' is not supported; gpt2 (byte-level BPE) is");
        var (tokens, merges) = (metadata.Texts($"{Prefix}.tokens"), metadata.Texts($"{Prefix}.merges"));
        if (merges.Length == 0)
            throw metadata.Error($"{Prefix}.merges", $"{(metadata.Has($"{Prefix}.merges") ? "is empty" : "is missing")}, as in files of old converters; without merges every byte would be a token. {Remedy}");
        var types = metadata.Integers($"{Prefix}.token_type");
        var pre = PreTokenizer(file, metadata, tokens, warnings);
        return new GgufVocabulary(tokens, merges, types.Length > 0 ? types : TypesBySpelling(file, metadata, tokens, merges, warnings), pre)
        {
            ChatTemplate = metadata.Text("tokenizer.chat_template"),
            BosId = Id(metadata, "bos"),
            EosId = Id(metadata, "eos"),
            PadId = Id(metadata, "padding"),
            UnknownId = Id(metadata, "unknown"),
            // As in llama.cpp, Llama 3 adds begin-of-text unless the file says otherwise.
            AddBos = metadata.Flag($"{Prefix}.add_bos_token") ?? pre is "llama-bpe" or "llama-v3" or "llama3",
        };
    }

    private const string Remedy = "Convert the original checkpoint with a current llama.cpp, or take its Hugging Face folder";

    private static int? Id(GgufMetadata metadata, string role) => metadata.Id($"{Prefix}.{role}_token_id");

    /// <summary>Gets the name of the pre-tokenizer; if the file lacks it, it is inferred from the model family, or an error if that is ambiguous.</summary>
    private static string PreTokenizer(GgufFile file, GgufMetadata metadata, string[] tokens, List<string> warnings)
    {
        const string Key = $"{Prefix}.pre";
        var given = metadata.Text(Key);
        if (given is not (null or "" or "default"))
            return given;
        var (name, family) = metadata.Text("general.architecture") is "qwen2" or "qwen3" ? ("qwen2", "Qwen's, by the architecture")
            : IsLlama3(tokens) ? ("llama-bpe", "Llama 3's, by the vocabulary")
            : throw metadata.Error(Key, $"{(given is null ? "is missing" : $"is '{given}'")}, and neither architecture nor vocabulary tell how text is cut before merging. {Remedy}");
        warnings.Add($"{file.Path}: {Key} {(given is null ? "is missing" : $"is '{given}'")}; text is cut with the pattern that is {family}");
        return name;
    }

    private static bool IsLlama3(string[] tokens) =>
        tokens.Contains("<|begin_of_text|>") && tokens.Contains("<|end_of_text|>") && tokens.Contains("<|start_header_id|>");

    /// <summary>
    /// Infers token types: a token is special if no merge produces it and it has a role or is spelled as <c>&lt;…&gt;</c> or <c>[…]</c>.
    /// </summary>
    private static int[] TypesBySpelling(GgufFile file, GgufMetadata metadata, string[] tokens, string[] merges, List<string> warnings)
    {
        var merged = merges.Select(m => m.Replace(" ", "", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var roles = s_roles.Select(r => Id(metadata, r)).OfType<int>().ToHashSet();
        var types = tokens.Select((text, id) => text.Length > 1 && !merged.Contains(text) && (roles.Contains(id) || IsSpelledAsSpecial(text)) ? GgufVocabulary.Control : GgufVocabulary.Normal).ToArray();
        warnings.Add($"{file.Path}: {Prefix}.token_type is missing; {types.Count(t => t == GgufVocabulary.Control)} tokens count as special by their spelling");
        return types;
    }

    private static bool IsSpelledAsSpecial(string token) => token is ['<', _, .., '>'] or ['[', _, .., ']'];
}
