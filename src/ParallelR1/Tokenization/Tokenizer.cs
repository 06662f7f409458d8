using System.Runtime.InteropServices;
using System.Text;
using ParallelR1.IO;

namespace ParallelR1.Tokenization;

/// <summary>
/// A byte-level BPE tokenizer, read from a Hugging Face tokenizer.json: added tokens, normaliser, pre-tokenizer, merges, decoder.
/// Immutable and thread-safe.
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

    /// <summary>Gets the number of tokens, including added ones.</summary>
    public int Count { get; }

    /// <summary>Gets the highest id in use plus one: the minimum number of rows of an embedding matrix.</summary>
    public int IdLimit => _tokens.Length;

    /// <summary>Gets the highest id of the vocabulary plus one; added tokens may have higher ids.</summary>
    internal int VocabularyLimit => _definition.Vocabulary.Values.DefaultIfEmpty(-1).Max() + 1;

    /// <summary>Gets the id of the end-of-text token that the folder's files name, or null.</summary>
    public int? EosId { get; }

    /// <summary>Gets the id of the begin-of-text token that the folder's files name, or null.</summary>
    public int? BosId { get; }

    /// <summary>Gets the id of the padding token that the folder's files name, or null.</summary>
    public int? PadId { get; }

    /// <summary>Gets the ids that the post-processor adds before a text (begin-of-text).</summary>
    internal IReadOnlyList<int> TextPrefix => _postProcessor.Before;

    /// <summary>Gets warnings about settings in the folder's files that were changed or ignored, as sentences.</summary>
    public IReadOnlyList<string> Warnings => _definition.Warnings;

    /// <summary>Gets the text of the folder's chat template (Jinja), or null.</summary>
    public string? ChatTemplateText => _config.ChatTemplate;

    /// <summary>Loads tokenizer.json and, if they exist, tokenizer_config.json, special_tokens_map.json and chat_template.jinja.</summary>
    /// <param name="folder">A model folder.</param>
    /// <exception cref="UsageException">The folder or its tokenizer.json does not exist.</exception>
    /// <exception cref="InputException">A file is damaged, or has an unsupported component; the message names it.</exception>
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

    /// <summary>Encodes a text. Special tokens in the text are recognised.</summary>
    /// <param name="text">Any text; lone surrogates are encoded as U+FFFD.</param>
    /// <param name="addSpecialTokens">Whether to add the ids of the post-processor (such as begin-of-text).</param>
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

    /// <summary>Decodes ids: concatenates the bytes of all tokens and decodes them as UTF-8 (invalid parts become U+FFFD). Ids without a token are ignored.</summary>
    /// <param name="ids">The ids; any numbers are allowed.</param>
    /// <param name="skipSpecial">Whether to omit special tokens.</param>
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

    /// <summary>Creates a decoder for a stream of ids.</summary>
    /// <param name="skipSpecial">Whether to omit special tokens.</param>
    public StreamDecoder CreateStreamDecoder(bool skipSpecial = false) => new(this, skipSpecial);

    /// <summary>Gets the id of an added token (by its text) or of a vocabulary entry (in the byte alphabet); null if there is none.</summary>
    public int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _addedIds.TryGetValue(token, out var id) || _definition.Vocabulary.TryGetValue(token, out id) ? id : null;
    }

    /// <summary>Gets the vocabulary entry (in the byte alphabet) or the added token's text; null for an id without a token.</summary>
    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    /// <summary>Returns whether the id is that of a special token.</summary>
    public bool IsSpecial(int id) => _added.TryGetValue(id, out var token) && token.Special;

    /// <summary>Gets the bytes of a token; empty for an id without a token.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) => _bytes.Of(id);

    private static AddedTokenMatcher? Matcher(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        var list = tokens.Where(t => t.Text.Length > 0).ToList();
        return list.Count == 0 ? null : new AddedTokenMatcher(list);
    }

    private int? SpecialId(string role) => _config.TokenText(role) is { } text ? IdOf(text) : null;
}
