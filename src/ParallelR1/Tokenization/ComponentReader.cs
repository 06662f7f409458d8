using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>Typed access to one component of a tokenizer.json; what is missing, of a wrong type or unknown becomes an error that names it.</summary>
internal readonly struct ComponentReader
{
    private readonly string _place;
    private readonly JsonObject _node;

    private ComponentReader(string place, JsonObject node)
    {
        _place = place;
        _node = node;
        Type = Text("type");
    }

    /// <summary>The component's <c>type</c>.</summary>
    public string Type { get; }

    /// <summary>Wraps a node that must be an object with a <c>type</c>.</summary>
    public static ComponentReader Of(string place, JsonNode? node) => node is JsonObject value
        ? new ComponentReader(place, value)
        : throw new InputException($"tokenizer.json: {place} should be an object with a \"type\", found {Describe(node)}");

    /// <summary>A text that must be there.</summary>
    public string Text(string name) => _node[name] is JsonValue value && value.TryGetValue<string>(out var text)
        ? text
        : throw Wrong(name, "a text");

    /// <summary>A flag, or its default where it is absent.</summary>
    public bool Flag(string name, bool absent) => _node[name] switch
    {
        null => absent,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>The components of a list.</summary>
    public IEnumerable<ComponentReader> List(string name)
    {
        var place = $"{_place}.{name}";
        return _node[name] is JsonArray list
            ? list.Select((node, i) => Of($"{place}[{i}]", node)).ToList()
            : throw Wrong(name, "a list");
    }

    /// <summary>The object below a name.</summary>
    public JsonObject Object(string name) => _node[name] as JsonObject ?? throw Wrong(name, "an object");

    /// <summary>The list below a name.</summary>
    public JsonArray Array(string name) => _node[name] as JsonArray ?? throw Wrong(name, "a list");

    /// <summary>The error for a component that this library does not know.</summary>
    public InputException Unknown(string known) =>
        new($"tokenizer.json: {_place} is \"{Type}\", which is not supported (supported: {known})");

    /// <summary>The error for a member that is missing or of a wrong type.</summary>
    public InputException Wrong(string name, string expected) =>
        new($"tokenizer.json: {_place}.{name} should be {expected}, found {Describe(_node[name])}");

    private static string Describe(JsonNode? node)
    {
        if (node is null)
            return "nothing";
        var text = node.ToJsonString();
        return text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");
    }
}
