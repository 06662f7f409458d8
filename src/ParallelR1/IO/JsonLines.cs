using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace ParallelR1.IO;

/// <summary>JSON Lines: one JSON value a line, streamed; errors name file and line.</summary>
internal static class JsonLines
{
    private const int MaxDepth = 256;
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Gets the serializer options: characters that JSON does not require to be escaped stay readable.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = MaxDepth,
    };

    /// <summary>Reads the objects of a file one by one; blank lines are skipped. Yields the line number (from 1) with each.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">A line is not a JSON object.</exception>
    public static IEnumerable<(int Line, JsonObject Value)> Read(string path)
    {
        foreach (var (line, utf8) in LineReader.Read(path))
            yield return (line, Parse(path, line, utf8.Span));
    }

    /// <summary>Reads the non-blank lines of a file with their numbers (from 1); invalid UTF-8 is replaced.</summary>
    public static IEnumerable<(int Line, string Text)> ReadText(string path)
    {
        foreach (var (line, utf8) in LineReader.Read(path))
            yield return (line, Encoding.UTF8.GetString(utf8.Span));
    }

    /// <summary>Parses one line as a JSON object.</summary>
    public static JsonObject Parse(string path, int line, string text) => Parse(path, line, Encoding.UTF8.GetBytes(text));

    /// <summary>Parses one line completely as a JSON object, so that duplicate names and strings that are not Unicode are detected here.</summary>
    /// <exception cref="InputException">The line is not a JSON object; the message names file and line.</exception>
    public static JsonObject Parse(string path, int line, ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            throw new InputException($"{path}:{line}: not UTF-8 text; found {Shorten(utf8)}{ForeignFormat.Hint(path, line, utf8)}");
        try
        {
            var value = JsonNode.Parse(utf8, documentOptions: s_options);
            CheckEscapes(utf8);
            return value as JsonObject ?? throw new InputException($"{path}:{line}: expected a JSON object, found {Shorten(utf8)}{ForeignFormat.Hint(path, line, utf8)}");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new InputException($"{path}:{line}: not valid JSON: {JsonText.Fault(e, isLine: true)} Found {Shorten(utf8)}{ForeignFormat.Hint(path, line, utf8)}", e);
        }
    }

    /// <summary>Writes one object and a line feed.</summary>
    public static void Write(Stream stream, JsonNode value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Write(stream, value.WriteTo);
    }

    /// <summary>Writes the output of <paramref name="write"/>, and a line feed.</summary>
    public static void Write(Stream stream, Action<Utf8JsonWriter, JsonSerializerOptions?> write)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(write);
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = Options.Encoder, MaxDepth = MaxDepth }))
            write(writer, null);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Texts are decoded when they are asked for; halves of a surrogate pair would only be noticed then.</summary>
    private static void CheckEscapes(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf("\\u"u8) < 0)
            return;
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                reader.GetString();
        }
    }

    private static string Shorten(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 320)]);
        return text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
    }
}
