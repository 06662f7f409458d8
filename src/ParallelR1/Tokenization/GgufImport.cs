using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>Converts a GGUF vocabulary to a Hugging Face tokenizer.</summary>
internal static class GgufImport
{
    /// <summary>Pre-tokenizer names of llama.cpp, with the pre-tokenisation and whether the original tokenizer normalises.</summary>
    private static readonly Dictionary<string, (PreTokenizerKind Kind, bool Normalize)> s_known = new(StringComparer.Ordinal)
    {
        ["gpt-2"] = (PreTokenizerKind.Gpt2, false),
        ["llama-bpe"] = (PreTokenizerKind.Llama3, false),
        ["llama-v3"] = (PreTokenizerKind.Llama3, false),
        ["llama3"] = (PreTokenizerKind.Llama3, false),
        ["qwen2"] = (PreTokenizerKind.Qwen, true),
        ["smollm"] = (PreTokenizerKind.SmolLm, false),
    };

    public static Tokenizer Import(GgufVocabulary source)
    {
        if (!s_known.TryGetValue(source.PreTokenizer, out var pre))
            throw new InputException($"the GGUF's pre-tokenizer is \"{source.PreTokenizer}\", which is not supported (supported: {string.Join(", ", s_known.Keys.Order(StringComparer.Ordinal))})");
        if (source.TokenTypes.Count > 0 && source.TokenTypes.Count != source.Tokens.Count)
            throw new InputException($"the GGUF has {source.Tokens.Count} tokens but {source.TokenTypes.Count} token types");

        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var added = new List<AddedToken>();
        for (var id = 0; id < source.Tokens.Count; id++)
        {
            var type = source.TokenTypes.Count > 0 ? source.TokenTypes[id] : GgufVocabulary.Normal;
            // Converters fill unused rows of the embedding matrix with placeholder tokens of this type.
            if (type == GgufVocabulary.Unused)
                continue;
            if (!vocabulary.TryAdd(source.Tokens[id], id))
                throw new InputException($"the GGUF holds the token \"{source.Tokens[id]}\" twice (ids {vocabulary[source.Tokens[id]]} and {id})");
            if (type is GgufVocabulary.Control or GgufVocabulary.UserDefined)
                added.Add(new AddedToken(id, source.Tokens[id]) { Special = type == GgufVocabulary.Control });
        }

        var merges = new MergeListBuilder(vocabulary);
        foreach (var merge in source.Merges)
            merges.AddLine(merge);
        var begin = source.AddBos && source.BosId is { } bos ? DefinitionShell.BeginWith(TokenOf(source, bos), bos) : null;
        var shell = DefinitionShell.Create(pre.Kind, pre.Normalize, begin);
        return new Tokenizer(
            new TokenizerDefinition(shell, vocabulary, merges.Merges, MergesAsPairs: true, added),
            new TokenizerConfig { Config = Config(source, added) });
    }

    private static JsonObject Config(GgufVocabulary source, List<AddedToken> added)
    {
        var decoder = new JsonObject();
        foreach (var token in added)
        {
            var entry = AddedTokenReader.Write(token);
            entry.Remove("id");
            decoder[$"{token.Id}"] = entry;
        }

        // Not the model's own class: with that, the libraries would rebuild a tokenizer of the class instead of reading tokenizer.json.
        var config = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["add_bos_token"] = source.AddBos,
            ["add_prefix_space"] = false,
            ["clean_up_tokenization_spaces"] = false,
            ["added_tokens_decoder"] = decoder,
        };
        foreach (var (role, id) in new[] { ("bos_token", source.BosId), ("eos_token", source.EosId), ("pad_token", source.PadId), ("unk_token", source.UnknownId) })
        {
            if (id is { } known)
                config[role] = TokenOf(source, known);
        }

        if (source.ChatTemplate is not null)
            config["chat_template"] = source.ChatTemplate;
        return config;
    }

    private static string TokenOf(GgufVocabulary source, int id) => id >= 0 && id < source.Tokens.Count
        ? source.Tokens[id]
        : throw new InputException($"the GGUF names {id} as a special token, but has only {source.Tokens.Count} tokens");
}
