using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>Reads one component of a tokenizer.json; missing, mistyped or unknown members are errors that name them.</summary>
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

    /// <summary>Gets the component's <c>type</c>.</summary>
    public string Type { get; }

    /// <summary>Wraps a node that must be an object with a <c>type</c>.</summary>
    public static ComponentReader Of(string place, JsonNode? node) => node is JsonObject value
        ? new ComponentReader(place, value)
        : throw new InputException($"tokenizer.json: {place} should be an object with a \"type\", found {Describe(node)}");

    /// <summary>Reads a required string.</summary>
    public string Text(string name) => _node[name] is JsonValue value && value.TryGetValue<string>(out var text)
        ? text
        : throw Wrong(name, "a string");

    /// <summary>Reads an optional Boolean.</summary>
    public bool Flag(string name, bool absent) => _node[name] switch
    {
        null => absent,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>Reads a list of components.</summary>
    public IEnumerable<ComponentReader> List(string name)
    {
        var place = $"{_place}.{name}";
        return _node[name] is JsonArray list
            ? list.Select((node, i) => Of($"{place}[{i}]", node)).ToList()
            : throw Wrong(name, "a list");
    }

    /// <summary>Reads an object.</summary>
    public JsonObject Object(string name) => _node[name] as JsonObject ?? throw Wrong(name, "an object");

    /// <summary>Reads a list.</summary>
    public JsonArray Array(string name) => _node[name] as JsonArray ?? throw Wrong(name, "a list");

    /// <summary>Creates the error for an unknown component.</summary>
    public InputException Unknown(string known) =>
        new($"tokenizer.json: {_place} is \"{Type}\", which is not supported (supported: {known})");

    /// <summary>Creates the error for a missing or mistyped member.</summary>
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
