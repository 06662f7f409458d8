using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>A token that is found in the text before BPE.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Left out when decoding without specials.</summary>
    public bool Special { get; init; }

    /// <summary>Looked for in the normalised text instead of the raw one.</summary>
    public bool Normalized { get; init; }

    /// <summary>Takes the white space on its left with it.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Takes the white space on its right with it.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Counts only where no word character touches it.</summary>
    public bool SingleWord { get; init; }
}

/// <summary>Reads and writes <c>added_tokens</c>.</summary>
internal static class AddedTokenReader
{
    /// <summary>A text is searched for added tokens in as many steps as it and the longest of them are long; this bounds the second.</summary>
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

    /// <summary>The token as it stands in a tokenizer.json.</summary>
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

    /// <summary>A token with the flags that an object gives it.</summary>
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
