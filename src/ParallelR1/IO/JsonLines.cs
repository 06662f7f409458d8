using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelR1.IO;

/// <summary>JSON Lines: one JSON value a line, streamed; errors name file and line.</summary>
public static class JsonLines
{
    /// <summary>How values are written: everything beyond what JSON demands stays readable.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 256,
    };

    /// <summary>Reads the objects of a file one by one; blank lines are passed over. Yields the line number (from 1) with each.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">A line is not a JSON object.</exception>
    public static IEnumerable<(int Line, JsonObject Value)> Read(string path)
    {
        foreach (var (line, text) in ReadText(path))
            yield return (line, Parse(path, line, text));
    }

    /// <summary>The non-blank lines of a file with their numbers (from 1).</summary>
    public static IEnumerable<(int Line, string Text)> ReadText(string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"{path}: no such file");
        using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: false));
        var line = 0;
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text))
                yield return (line, text);
        }
    }

    /// <summary>Parses one line as a JSON object.</summary>
    public static JsonObject Parse(string path, int line, string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 256 }) as JsonObject
                ?? throw new InputException($"{path}:{line}: expected a JSON object, found {Shorten(text)}");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InputException($"{path}:{line}: not valid JSON: {e.Message} Found {Shorten(text)}", e);
        }
    }

    /// <summary>Writes one object and a line feed.</summary>
    public static void Write(Stream stream, JsonNode value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Write(stream, value.WriteTo);
    }

    /// <summary>Writes what <paramref name="write"/> puts into the writer, and a line feed.</summary>
    public static void Write(Stream stream, Action<Utf8JsonWriter, JsonSerializerOptions?> write)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(write);
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = Options.Encoder, MaxDepth = 256 }))
            write(writer, null);
        stream.WriteByte((byte)'\n');
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}
