using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Tokenization;

/// <summary>A tokenizer of a few hundred tokens, trained on the spot: clones without fixtures test with it.</summary>
internal static class TinyTokenizer
{
    public static readonly string[] Tags = ["<Path>", "</Path>", "<Parallel>", "</Parallel>", "<Summary>", "</Summary>"];

    public static readonly string[] Texts =
    [
        "Tom has 12 apples and buys 30 more apples. How many apples does he have?",
        "He has 12 + 30 = 42 apples.\n<Parallel>\n<Path>\n12 + 30 = 42\n</Path>\n</Parallel>",
        "The number between 100 and 200 that leaves remainder 3 when divided by 7.\r\n\r\n  It's 101, they're sure.",
        "Größe, naïve, 数学, 😀 and the rest of the apples and the numbers",
    ];

    public static Tokenizer Instance { get; } = BpeTrainer.Train(Texts, new BpeTrainerOptions(320)
    {
        SpecialFirst = ["<|endoftext|>"],
        SpecialLast = Tags,
        EndOfText = "<|endoftext|>",
        LeastCount = 1,
    });
}
