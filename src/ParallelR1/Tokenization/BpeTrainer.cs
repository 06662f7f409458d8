using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>
/// Trains a byte-level BPE tokenizer by repeatedly merging the most frequent pair of symbols (Sennrich et al. 2016).
/// Digits are split one by one (Qwen's pattern), without normalisation. Ties are broken by the lower ids, so the result is deterministic.
/// </summary>
public static class BpeTrainer
{
    /// <summary>Trains on texts; special tokens in them are removed first.</summary>
    /// <param name="texts">The training texts; enumerated once.</param>
    /// <param name="options">Vocabulary size and special tokens.</param>
    /// <exception cref="UsageException">The vocabulary is too small for bytes and special tokens, or a special token is invalid or named twice.</exception>
    public static Tokenizer Train(IEnumerable<string> texts, BpeTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(options);
        string[] specials = [.. options.SpecialFirst, .. options.SpecialLast];
        Check(options, specials);
        var words = BpeTrainerWords.Count(texts, specials);

        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var special in options.SpecialFirst)
            vocabulary.Add(special, vocabulary.Count);
        foreach (var symbol in Symbols(words, options.OnlyBytesSeen))
            vocabulary.Add(symbol, vocabulary.Count);
        var room = options.VocabularySize - vocabulary.Count - options.SpecialLast.Count;
        if (room < 0)
            throw new UsageException($"a vocabulary of {options.VocabularySize} tokens has no room for {vocabulary.Count + options.SpecialLast.Count} bytes and special tokens");

        var merges = new BpeTrainerMerges(words, vocabulary).Learn(room, options.LeastCount);
        var added = options.SpecialFirst.Select(s => (Id: vocabulary[s], s))
            .Concat(options.SpecialLast.Select((s, i) => (vocabulary.Count + i, s)))
            .Select(t => new AddedToken(t.Item1, t.s) { Special = true });
        return new Tokenizer(
            new TokenizerDefinition(DefinitionShell.Create(PreTokenizerKind.Qwen, normalize: false), vocabulary, merges, MergesAsPairs: true, [.. added]),
            new TokenizerConfig { Config = Config(options) });
    }

    private static void Check(BpeTrainerOptions options, string[] specials)
    {
        if (specials.Distinct(StringComparer.Ordinal).Count() != specials.Length || specials.Contains(""))
            throw new UsageException("the special tokens of a tokenizer must be different texts");
        // A single character of the byte alphabet would be two tokens with one text.
        if (specials.FirstOrDefault(s => s.Length == 1 && ByteAlphabet.ByteOf(s[0]) >= 0) is { } symbol)
            throw new UsageException($"\"{symbol}\" cannot be a special token: it is the symbol of a byte");
        if (options.EndOfText is { } end && !specials.Contains(end, StringComparer.Ordinal))
            throw new UsageException($"the end-of-text token \"{end}\" is not among the special tokens");
    }

    private static IEnumerable<string> Symbols(IReadOnlyDictionary<string, long> words, bool onlySeen)
    {
        var all = Enumerable.Range(0, 256).Select(b => ByteAlphabet.CharOf((byte)b)).Order();
        var seen = onlySeen ? words.Keys.SelectMany(w => w).ToHashSet() : null;
        return all.Where(c => seen is null || seen.Contains(c)).Select(c => c.ToString());
    }

    private static JsonObject Config(BpeTrainerOptions options)
    {
        var config = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["add_bos_token"] = false,
            ["add_prefix_space"] = false,
            ["clean_up_tokenization_spaces"] = false,
        };
        if (options.EndOfText is { } end)
            (config["eos_token"], config["pad_token"]) = (end, end);
        if (ChatTemplate.Named(options.ChatTemplate).Jinja is { } jinja)
            config["chat_template"] = jinja;
        return config;
    }
}

/// <summary>Options of <see cref="BpeTrainer"/>.</summary>
/// <param name="VocabularySize">Number of tokens, including special ones; the result has fewer if the texts have no more pairs.</param>
public sealed record BpeTrainerOptions(int VocabularySize)
{
    /// <summary>Special tokens that get the first ids, in this order.</summary>
    public IReadOnlyList<string> SpecialFirst { get; init; } = [];

    /// <summary>Special tokens that get the last ids, in this order.</summary>
    public IReadOnlyList<string> SpecialLast { get; init; } = [];

    /// <summary>The special token that ends a text; null for none.</summary>
    public string? EndOfText { get; init; }

    /// <summary>Minimum number of occurrences of a pair to be merged.</summary>
    [Bounds(1, int.MaxValue)]
    public int LeastCount { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Whether only bytes that occur in the texts get a symbol; all others are then dropped in encoding. Off by default: all 256 bytes have a symbol.</summary>
    public bool OnlyBytesSeen { get; init; }

    /// <summary>Name of the chat template that is saved with the tokenizer: <c>plain</c> or <c>none</c>; null for no template.</summary>
    public string ChatTemplate { get; init; } = "plain";
}
