using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>Creates a new tokenizer.json without vocabulary and merges, as the Hugging Face libraries write it.</summary>
internal static class DefinitionShell
{
    public static JsonObject Create(PreTokenizerKind kind, bool normalize, JsonObject? postProcessor = null) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["normalizer"] = normalize ? new JsonObject { ["type"] = "NFC" } : null,
        ["pre_tokenizer"] = PreTokenizer(kind),
        ["post_processor"] = postProcessor,
        ["decoder"] = ByteLevel(useRegex: true),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = kind == PreTokenizerKind.Llama3,
        },
    };

    /// <summary>Creates a post-processor that adds one token before every text.</summary>
    public static JsonObject BeginWith(string token, int id) => new()
    {
        ["type"] = "TemplateProcessing",
        ["single"] = new JsonArray(Special(token, 0), Text("A", 0)),
        ["pair"] = new JsonArray(Special(token, 0), Text("A", 0), Special(token, 1), Text("B", 1)),
        ["special_tokens"] = new JsonObject
        {
            [token] = new JsonObject { ["id"] = token, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(token) },
        },
    };

    private static JsonObject PreTokenizer(PreTokenizerKind kind) => kind switch
    {
        PreTokenizerKind.Gpt2 => ByteLevel(useRegex: true),
        PreTokenizerKind.SmolLm => Sequence(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, ByteLevel(useRegex: true)),
        PreTokenizerKind.Qwen => Sequence(Split(TiktokenStage.QwenPattern), ByteLevel(useRegex: false)),
        _ => Sequence(Split(TiktokenStage.LlamaPattern), ByteLevel(useRegex: false)),
    };

    private static JsonObject Sequence(params JsonNode[] steps) => new() { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(steps) };

    private static JsonObject Split(string pattern) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = pattern },
        ["behavior"] = nameof(SplitBehavior.Isolated),
        ["invert"] = false,
    };

    private static JsonObject ByteLevel(bool useRegex) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = true,
        ["use_regex"] = useRegex,
    };

    private static JsonObject Special(string token, int type) =>
        new() { ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = type } };

    private static JsonObject Text(string name, int type) => new() { ["Sequence"] = new JsonObject { ["id"] = name, ["type_id"] = type } };
}
