using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Tokenization;

public sealed class BpeTrainerTests
{
    [Fact]
    public void The_vocabulary_has_the_size_asked_for_with_special_tokens_first_and_last()
    {
        var tokenizer = TinyTokenizer.Instance;
        Assert.Equal(320, tokenizer.Count);
        Assert.Equal(0, tokenizer.IdOf("<|endoftext|>"));
        Assert.Equal(0, tokenizer.EosId);
        Assert.Equal(Enumerable.Range(314, 6), TinyTokenizer.Tags.Select(t => tokenizer.IdOf(t)!.Value));
        Assert.All(TinyTokenizer.Tags, t => Assert.True(tokenizer.IsSpecial(tokenizer.IdOf(t)!.Value)));
    }

    [Fact]
    public void Training_twice_gives_the_same_tokenizer()
    {
        var options = new BpeTrainerOptions(300) { SpecialFirst = ["<|endoftext|>"] };
        var one = BpeTrainer.Train(TinyTokenizer.Texts, options);
        var two = BpeTrainer.Train(TinyTokenizer.Texts, options);
        Assert.Equal(Enumerable.Range(0, 300).Select(one.TokenOf), Enumerable.Range(0, 300).Select(two.TokenOf));
    }

    [Fact]
    public void The_most_frequent_pair_is_merged_first()
    {
        var tokenizer = BpeTrainer.Train(["abab abab abab xy"], new BpeTrainerOptions(258));
        Assert.Equal("ab", tokenizer.TokenOf(256));
        Assert.Equal("abab", tokenizer.TokenOf(257));
    }

    [Fact]
    public void Digits_stay_single() => Assert.Equal(4, TinyTokenizer.Instance.Encode("2026").Length);

    [Fact]
    public void A_vocabulary_without_pairs_left_is_smaller_and_special_tokens_follow_at_once()
    {
        var tokenizer = BpeTrainer.Train(["ab"], new BpeTrainerOptions(400) { LeastCount = 1, SpecialLast = ["<end>"] });
        Assert.Equal(258, tokenizer.Count);
        Assert.Equal(257, tokenizer.IdOf("<end>"));
    }

    [Fact]
    public void Only_bytes_seen_makes_a_small_alphabet()
    {
        var tokenizer = BpeTrainer.Train(["ab"], new BpeTrainerOptions(2) { OnlyBytesSeen = true });
        Assert.Equal([0, 1], tokenizer.Encode("a\u00E9b"));
    }

    [Fact]
    public void A_vocabulary_too_small_for_the_bytes_is_refused() =>
        Assert.Throws<UsageException>(() => BpeTrainer.Train(["ab"], new BpeTrainerOptions(255)));

    [Fact]
    public void Special_tokens_named_twice_are_refused() =>
        Assert.Throws<UsageException>(() => BpeTrainer.Train(["ab"], new BpeTrainerOptions(300) { SpecialFirst = ["<x>"], SpecialLast = ["<x>"] }));
}
