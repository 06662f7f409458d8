using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>Writes a tokenizer.json in the layout of the Hugging Face libraries.</summary>
internal static class TokenizerFileWriter
{
    private const int FlushEvery = 4096;

    public static void Write(Stream stream, TokenizerDefinition definition)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        var addedWritten = false;
        foreach (var (name, node) in definition.Shell)
        {
            if (name is "normalizer" or "pre_tokenizer" or "model" && !addedWritten)
            {
                WriteAdded(writer, definition);
                addedWritten = true;
            }

            writer.WritePropertyName(name);
            if (name == "model")
                WriteModel(writer, definition, (JsonObject)node!);
            else
                WriteNode(writer, node);
        }

        writer.WriteEndObject();
    }

    private static void WriteAdded(Utf8JsonWriter writer, TokenizerDefinition definition)
    {
        writer.WriteStartArray("added_tokens");
        // The libraries assign ids in the order of this list.
        foreach (var token in definition.AddedTokens.OrderBy(t => t.Id))
            AddedTokenReader.Write(token).WriteTo(writer);
        writer.WriteEndArray();
    }

    private static void WriteModel(Utf8JsonWriter writer, TokenizerDefinition definition, JsonObject shell)
    {
        writer.WriteStartObject();
        foreach (var (name, node) in shell)
        {
            writer.WritePropertyName(name);
            WriteNode(writer, node);
        }

        writer.WriteStartObject("vocab");
        var tokens = definition.Vocabulary.OrderBy(t => t.Value).ToList();
        foreach (var (token, id) in tokens)
        {
            writer.WriteNumber(token, id);
            FlushSometimes(writer);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("merges");
        var texts = tokens.ToDictionary(t => t.Value, t => t.Key);
        foreach (var (left, right, _) in definition.Merges)
        {
            WriteMerge(writer, texts[left], texts[right], definition.MergesAsPairs);
            FlushSometimes(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMerge(Utf8JsonWriter writer, string left, string right, bool asPair)
    {
        if (asPair)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(left);
            writer.WriteStringValue(right);
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStringValue($"{left} {right}");
        }
    }

    private static void FlushSometimes(Utf8JsonWriter writer)
    {
        if (writer.BytesPending > FlushEvery)
            writer.Flush();
    }

    private static void WriteNode(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
            writer.WriteNullValue();
        else
            node.WriteTo(writer);
    }
}
