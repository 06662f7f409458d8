using System.Runtime.InteropServices;
using System.Text;
using ParallelR1.IO;

namespace ParallelR1.Tokenization;

/// <summary>
/// Byte-level BPE as a Hugging Face tokenizer.json describes it: added tokens, normaliser, pre-tokeniser, merges, decoder.
/// Immutable; safe for any number of threads.
/// </summary>
public sealed partial class Tokenizer
{
    private readonly TokenizerDefinition _definition;
    private readonly TokenizerConfig _config;
    private readonly string?[] _tokens;
    private readonly Dictionary<int, AddedToken> _added;
    private readonly Dictionary<string, int> _addedIds;
    private readonly TokenBytes _bytes;
    private readonly IReadOnlyList<INormalizer> _normalizers;
    private readonly PreTokenizer _preTokenizer;
    private readonly PostProcessor _postProcessor;
    private readonly AddedTokenMatcher? _rawMatcher;
    private readonly AddedTokenMatcher? _normalizedMatcher;

    internal Tokenizer(TokenizerDefinition definition, TokenizerConfig config)
    {
        _definition = definition;
        _config = config;
        _tokens = TokenTable.Create(definition);
        _added = definition.AddedTokens.ToDictionary(t => t.Id);
        _addedIds = definition.AddedTokens.ToDictionary(t => t.Content, t => t.Id, StringComparer.Ordinal);
        _bytes = new TokenBytes(_tokens, _added);
        _normalizers = NormalizerReader.Read(definition.Shell["normalizer"]);
        DecoderCheck.Check(definition.Shell["decoder"]);
        var model = new BpeModel(definition.Vocabulary, definition.Merges, BpeModelOptionsReader.Read(definition));
        _preTokenizer = new PreTokenizer(PreTokenizerReader.Read(definition.Shell["pre_tokenizer"]), model);
        _postProcessor = PostProcessor.Read(definition.Shell["post_processor"]);
        _rawMatcher = Matcher(definition.AddedTokens.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        _normalizedMatcher = Matcher(definition.AddedTokens.Where(t => t.Normalized).Select(t => (Normalize(t.Content), t)));
        Count = _tokens.Count(t => t is not null);
        EosId = SpecialId("eos_token");
        BosId = SpecialId("bos_token");
        PadId = SpecialId("pad_token");
    }

    /// <summary>Number of tokens, added ones included.</summary>
    public int Count { get; }

    /// <summary>The highest id in use, plus one: what an embedding must at least have as rows.</summary>
    public int IdLimit => _tokens.Length;

    /// <summary>The highest id of the vocabulary proper, plus one: added tokens may lie behind it.</summary>
    internal int VocabularyLimit => _definition.Vocabulary.Values.DefaultIfEmpty(-1).Max() + 1;

    /// <summary>The end-of-text token that the folder's files name, or null.</summary>
    public int? EosId { get; }

    /// <summary>The begin-of-text token that the folder's files name, or null.</summary>
    public int? BosId { get; }

    /// <summary>The padding token that the folder's files name, or null.</summary>
    public int? PadId { get; }

    /// <summary>What the post-processor puts before a text (begin-of-text).</summary>
    internal IReadOnlyList<int> TextPrefix => _postProcessor.Before;

    /// <summary>What was read otherwise than the folder's files say, or ignored, as sentences for a person.</summary>
    public IReadOnlyList<string> Warnings => _definition.Warnings;

    /// <summary>The text of the folder's chat template (Jinja), or null.</summary>
    public string? ChatTemplateText => _config.ChatTemplate;

    /// <summary>Reads tokenizer.json and, where they are there, tokenizer_config.json, special_tokens_map.json and chat_template.jinja.</summary>
    /// <exception cref="UsageException">The folder or its tokenizer.json does not exist.</exception>
    /// <exception cref="InputException">A file is damaged, or has a component that is not supported; the message names it.</exception>
    public static Tokenizer Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ModelPath.Require(folder, tokenizer: true);
        var path = Path.Combine(folder, TokenizerFileName);
        if (!File.Exists(path))
            throw new UsageException($"{folder}: no {TokenizerFileName} there; a model folder with a tokenizer is needed");
        try
        {
            var config = TokenizerConfig.Load(folder);
            var tokenizer = new Tokenizer(NamedTokens.AddTo(TokenizerFileReader.Read(TokenizerConfig.ReadBytes(path)), config), config);
            NamedTokens.CheckEnd(config, tokenizer.IdOf);
            return tokenizer;
        }
        catch (InputException e)
        {
            throw new InputException($"{folder}: {e.Message}", e);
        }
    }

    /// <summary>The ids of a text. Special tokens written in it are recognised; none is added unless asked for.</summary>
    /// <param name="text">Any text; lone surrogates count as U+FFFD.</param>
    /// <param name="addSpecialTokens">Adds what the tokenizer's post-processor adds (such as begin-of-text).</param>
    public int[] Encode(string text, bool addSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 3 + 8);
        if (addSpecialTokens)
            ids.AddRange(_postProcessor.Before);
        EncodeRaw(text, ids);
        if (addSpecialTokens)
            ids.AddRange(_postProcessor.Behind);
        return [.. ids];
    }

    /// <summary>The text of ids: the bytes of all tokens joined, then read as UTF-8 (invalid parts become U+FFFD). Ids without a token give nothing.</summary>
    /// <param name="ids">Any numbers.</param>
    /// <param name="skipSpecial">Leaves out special tokens before the bytes are joined.</param>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecial = false)
    {
        var bytes = new List<byte>(ids.Length * 4);
        foreach (var id in ids)
        {
            if (!skipSpecial || !IsSpecial(id))
                bytes.AddRange(_bytes.Of(id));
        }

        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>A decoder for ids that come one by one.</summary>
    public StreamDecoder CreateStreamDecoder(bool skipSpecial = false) => new(this, skipSpecial);

    /// <summary>The id of an added token's text or of a vocabulary entry (in the byte alphabet); null where there is none.</summary>
    public int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _addedIds.TryGetValue(token, out var id) || _definition.Vocabulary.TryGetValue(token, out id) ? id : null;
    }

    /// <summary>The vocabulary entry (in the byte alphabet) or the added token's text; null for an id without a token.</summary>
    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    /// <summary>Whether the id is an added token marked special.</summary>
    public bool IsSpecial(int id) => _added.TryGetValue(id, out var token) && token.Special;

    /// <summary>The bytes that an id stands for; none for an id without a token.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => _bytes.Of(id);

    private static AddedTokenMatcher? Matcher(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        var list = tokens.Where(t => t.Text.Length > 0).ToList();
        return list.Count == 0 ? null : new AddedTokenMatcher(list);
    }

    private int? SpecialId(string role) => _config.TokenText(role) is { } text ? IdOf(text) : null;
}
