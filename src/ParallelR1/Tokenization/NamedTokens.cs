using System.Globalization;
using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>
/// Special tokens that only tokenizer_config.json or special_tokens_map.json name. They are added after the vocabulary in the order
/// of transformers: <c>added_tokens_decoder</c> by id, then the roles, then the lists.
/// </summary>
internal sealed class NamedTokens
{
    private const string EndRole = "eos_token";
    private static readonly string[] s_roles = ["bos_token", EndRole, "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];
    private readonly TokenizerDefinition _definition;
    private readonly TokenizerConfig _config;
    private readonly List<AddedToken> _tokens;
    private readonly Dictionary<string, int> _places;
    private readonly List<string> _warnings = [];
    private int _next;
    private bool _changed;

    private NamedTokens(TokenizerDefinition definition, TokenizerConfig config)
    {
        (_definition, _config, _tokens, _next) = (definition, config, [.. definition.AddedTokens], definition.IdLimit);
        _places = _tokens.Select((token, i) => (token.Content, i)).ToDictionary(t => t.Content, t => t.i, StringComparer.Ordinal);
    }

    /// <summary>Adds the tokens to a definition.</summary>
    /// <exception cref="InputException">An entry is not a token.</exception>
    public static TokenizerDefinition AddTo(TokenizerDefinition definition, TokenizerConfig config)
    {
        var named = new NamedTokens(definition, config);
        named.AddDecoder();
        named.AddRoles();
        foreach (var token in named.Listed())
            named.AddSpecial(token);
        return named._changed || named._warnings.Count > 0
            ? definition with { AddedTokens = named._tokens, Warnings = named._warnings.ToArray() }
            : definition;
    }

    /// <summary>Checks that the end-of-text token exists if it is named.</summary>
    /// <exception cref="InputException">It does not exist.</exception>
    public static void CheckEnd(TokenizerConfig config, Func<string, int?> idOf)
    {
        var file = config.Config?[EndRole] is null ? TokenizerConfig.MapFile : TokenizerConfig.ConfigFile;
        if (config.TokenText(EndRole) is { } end && idOf(end) is null)
            throw new InputException($"{file}: {EndRole} is \"{end}\", a token that does not exist in tokenizer.json; a response would never end. Name one that exists");
    }

    private JsonObject? Decoder => _config.Config?["added_tokens_decoder"] as JsonObject;

    // The map is a file of older libraries; it is not read if the config has the full tokens.
    private JsonObject? Map => Decoder is null ? _config.Map : null;

    private void AddDecoder()
    {
        foreach (var (id, node) in (Decoder ?? []).Select(e => (Id(e.Key), e.Value)).OrderBy(e => e.Item1))
        {
            if (Read(node) is not { } token)
                throw Wrong("added_tokens_decoder", $"of id {id} should be an object with \"content\"");
            var given = Add(token).Id;
            if (given != id)
                _warnings.Add($"{TokenizerConfig.ConfigFile}: added_tokens_decoder gives \"{token.Content}\" the id {id}; it has {given}, as in transformers");
        }
    }

    private void AddRoles()
    {
        foreach (var role in s_roles)
        {
            if (Read(_config.Config?[role] ?? Map?[role]) is not { } token)
                continue;
            // transformers would add an end-of-text token that the model was not trained on.
            if (role != EndRole || Knows(token.Content))
                AddSpecial(token);
        }
    }

    /// <summary>Gets the tokens of the lists beside the roles.</summary>
    private IEnumerable<AddedToken> Listed()
    {
        var lists = new[]
        {
            _config.Config?["model_specific_special_tokens"],
            _config.Config?["extra_special_tokens"] ?? _config.Config?["additional_special_tokens"] ?? Map?["extra_special_tokens"] ?? Map?["additional_special_tokens"],
        };
        return lists
            .SelectMany(list => list switch
            {
                JsonArray tokens => tokens,
                JsonObject byName => byName.Select(t => t.Value),
                _ => [],
            })
            .Select(Read)
            .OfType<AddedToken>();
    }

    private bool Knows(string content) => _definition.Vocabulary.ContainsKey(content) || _places.ContainsKey(content);

    /// <summary>Adds a token given by its text; it keeps known flags, and is always special.</summary>
    private void AddSpecial(AddedToken token)
    {
        var known = token.Id < 0 && _places.TryGetValue(token.Content, out var at) ? _tokens[at] : token;
        Add(known with { Special = true });
    }

    /// <summary>Adds a token, or updates the flags of a known one.</summary>
    private AddedToken Add(AddedToken token)
    {
        if (_places.TryGetValue(token.Content, out var at))
        {
            token = token with { Id = _tokens[at].Id };
            _changed |= token != _tokens[at];
            return _tokens[at] = token;
        }

        token = token with { Id = _definition.Vocabulary.TryGetValue(token.Content, out var id) ? id : _next++ };
        _places.Add(token.Content, _tokens.Count);
        _tokens.Add(token);
        _changed = true;
        return token;
    }

    /// <summary>Reads a token from a string (with id −1) or an object with flags (id 0); null if there is none.</summary>
    private static AddedToken? Read(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) && text.Length > 0 => new AddedToken(-1, text),
        JsonObject token when token["content"] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 =>
            AddedTokenReader.WithFlags(new AddedToken(0, text), token),
        _ => null,
    };

    private static int Id(string key) => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw Wrong("added_tokens_decoder", $"has the key \"{key}\", which is no id");

    private static InputException Wrong(string key, string what) => new($"{TokenizerConfig.ConfigFile}: {key} {what}");
}
