namespace ParallelR1.Tokenization;

/// <summary>The tokenizer in the metadata of a GGUF file (<c>tokenizer.ggml.*</c>, <c>tokenizer.chat_template</c>).</summary>
/// <param name="Tokens"><c>tokens</c>, in the byte alphabet, by id.</param>
/// <param name="Merges"><c>merges</c>, each <c>a b</c>.</param>
/// <param name="TokenTypes"><c>token_type</c>, one per token (1 normal, 3 control, 4 user defined, 5 unused, …); may be empty.</param>
/// <param name="PreTokenizer"><c>pre</c>: <c>gpt-2</c>, <c>smollm</c>, <c>qwen2</c>, <c>llama-bpe</c>.</param>
internal sealed record GgufVocabulary(
    IReadOnlyList<string> Tokens, IReadOnlyList<string> Merges, IReadOnlyList<int> TokenTypes, string PreTokenizer)
{
    internal const int Normal = 1, Control = 3, UserDefined = 4, Unused = 5;

    /// <summary>Text of the chat template, or null.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary><c>bos_token_id</c>, or null.</summary>
    public int? BosId { get; init; }

    /// <summary><c>eos_token_id</c>, or null.</summary>
    public int? EosId { get; init; }

    /// <summary><c>padding_token_id</c>, or null.</summary>
    public int? PadId { get; init; }

    /// <summary><c>unknown_token_id</c>, or null.</summary>
    public int? UnknownId { get; init; }

    /// <summary><c>add_bos_token</c>: whether encoding with special tokens adds begin-of-text.</summary>
    public bool AddBos { get; init; }
}
