namespace ParallelR1.Tokenization;

/// <summary>Ways of cutting text into pieces that this library can write into a new tokenizer.json.</summary>
internal enum PreTokenizerKind
{
    Gpt2,
    SmolLm,
    Qwen,
    Llama3,
}
