using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelR1.IO;

/// <summary>
/// JSON as Python's <c>json</c> module writes and reads it: a byte-order mark may come first, and <c>NaN</c>, <c>Infinity</c> and
/// <c>-Infinity</c> stand for numbers. Everything else is strict.
/// </summary>
internal static class PythonJson
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    /// <summary>
    /// Parses a file's bytes. Infinities become the numbers ±1e999 (too large for a double, as they should be), NaN the text
    /// "NaN", so that a reader that needs the value finds something that is no finite number.
    /// </summary>
    /// <exception cref="JsonException">Not valid JSON.</exception>
    public static JsonDocument Parse(byte[] utf8)
    {
        var json = utf8.AsMemory(utf8.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
        try
        {
            return JsonDocument.Parse(json, s_options);
        }
        catch (JsonException) when (Replace(json.Span) is { } replaced)
        {
            return JsonDocument.Parse(replaced, s_options);
        }
    }

    /// <summary>As <see cref="Parse"/>, to nodes that can be changed and written; of a name given twice the last value counts.</summary>
    /// <exception cref="JsonException">Not valid JSON.</exception>
    /// <exception cref="InvalidOperationException">A text that is not Unicode.</exception>
    public static JsonNode? ParseNode(byte[] utf8)
    {
        using var document = Parse(utf8);
        return Node(document.RootElement);
    }

    private static JsonNode? Node(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var property in element.EnumerateObject())
                    members[property.Name] = Node(property.Value);
                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Node)]);
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString());
            default:
                return JsonValue.Create(element.Clone());
        }
    }

    /// <summary>The bytes with Python's three names replaced outside of texts; null where there is none.</summary>
    private static byte[]? Replace(ReadOnlySpan<byte> json)
    {
        var output = new List<byte>(json.Length + 16);
        var found = false;
        while (json.Length > 0)
        {
            var length = json[0] == '"' ? TextLength(json) : 1;
            if (Number(json) is ({ } value, var name))
            {
                output.AddRange(value);
                (length, found) = (name, true);
            }
            else
            {
                output.AddRange(json[..length]);
            }

            json = json[length..];
        }

        return found ? [.. output] : null;
    }

    /// <summary>What to write for one of the three names at the beginning, and the name's length; null where there is none.</summary>
    private static (byte[]? Value, int Length) Number(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("NaN"u8))
            return ("\"NaN\""u8.ToArray(), 3);
        if (json.StartsWith("Infinity"u8))
            return ("1e999"u8.ToArray(), 8);
        return json.StartsWith("-Infinity"u8) ? ("-1e999"u8.ToArray(), 9) : (null, 0);
    }

    /// <summary>The length of the text at the beginning, quotation marks included; to the end where it is not closed.</summary>
    private static int TextLength(ReadOnlySpan<byte> json)
    {
        for (var i = 1; i < json.Length; i++)
        {
            if (json[i] == '\\')
                i++;
            else if (json[i] == '"')
                return i + 1;
        }

        return json.Length;
    }
}
