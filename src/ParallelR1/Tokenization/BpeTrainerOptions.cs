namespace ParallelR1.Tokenization;

/// <summary>What <see cref="BpeTrainer"/> is to make.</summary>
/// <param name="VocabularySize">Number of tokens, special ones included; fewer come out where the texts hold no more pairs.</param>
public sealed record BpeTrainerOptions(int VocabularySize)
{
    /// <summary>Special tokens that get the first ids, in this order.</summary>
    public IReadOnlyList<string> SpecialFirst { get; init; } = [];

    /// <summary>Special tokens that get the last ids, in this order.</summary>
    public IReadOnlyList<string> SpecialLast { get; init; } = [];

    /// <summary>Which of the special tokens ends a text; null for none.</summary>
    public string? EndOfText { get; init; }

    /// <summary>A pair must occur so often to be merged.</summary>
    public int LeastCount { get; init; } = 2;

    /// <summary>Only bytes that the texts hold get a symbol; all others are then dropped when encoding. By default all 256 have one.</summary>
    public bool OnlyBytesSeen { get; init; }

    /// <summary>The chat template that goes into the folder (one of <see cref="ChatTemplate.Names"/> that has a text: plain, none).</summary>
    public string ChatTemplate { get; init; } = "plain";
}
