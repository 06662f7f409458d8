using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>A token that is matched in the text before BPE.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether the token is special, and so omitted when special tokens are skipped in decoding.</summary>
    public bool Special { get; init; }

    /// <summary>Whether the token is matched in the normalised text instead of the raw text.</summary>
    public bool Normalized { get; init; }

    /// <summary>Whether the match includes the white space on its left.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Whether the match includes the white space on its right.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Whether the token matches only where no word character is adjacent.</summary>
    public bool SingleWord { get; init; }
}

/// <summary>Reads and writes <c>added_tokens</c>.</summary>
internal static class AddedTokenReader
{
    /// <summary>Maximum length of an added token; the search for added tokens takes time proportional to text length times token length.</summary>
    private const int LongestContent = 4096;

    public static IReadOnlyList<AddedToken> Read(JsonNode? node)
    {
        if (node is null)
            return [];
        if (node is not JsonArray list)
            throw new InputException("tokenizer.json: added_tokens should be a list");
        var tokens = list.Select(ReadOne).ToList();
        var ids = new HashSet<int>();
        var contents = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in tokens)
        {
            if (!ids.Add(token.Id) || !contents.Add(token.Content))
                throw new InputException($"tokenizer.json: added_tokens names \"{token.Content}\" or its id {token.Id} twice");
        }

        return tokens;
    }

    /// <summary>Converts the token to its form in tokenizer.json.</summary>
    public static JsonObject Write(AddedToken token) => new()
    {
        ["id"] = token.Id,
        ["content"] = token.Content,
        ["single_word"] = token.SingleWord,
        ["lstrip"] = token.LeftStrip,
        ["rstrip"] = token.RightStrip,
        ["normalized"] = token.Normalized,
        ["special"] = token.Special,
    };

    private static AddedToken ReadOne(JsonNode? node, int index)
    {
        if (node is not JsonObject token
            || token["id"] is not JsonValue number || !number.TryGetValue<int>(out var id) || id < 0
            || token["content"] is not JsonValue value || !value.TryGetValue<string>(out var content))
            throw new InputException($"tokenizer.json: added_tokens[{index}] should be an object with \"id\" and \"content\"");
        if (content.Length > LongestContent)
            throw new InputException($"tokenizer.json: added_tokens[{index}] is {content.Length} characters long, more than {LongestContent}");
        return WithFlags(new AddedToken(id, content), token);
    }

    /// <summary>Reads a token with its flags.</summary>
    public static AddedToken WithFlags(AddedToken token, JsonObject flags)
    {
        return token with
        {
            Special = Flag("special"),
            Normalized = Flag("normalized"),
            LeftStrip = Flag("lstrip"),
            RightStrip = Flag("rstrip"),
            SingleWord = Flag("single_word"),
        };

        bool Flag(string name) => flags[name] is JsonValue flag && flag.TryGetValue<bool>(out var set) && set;
    }
}
