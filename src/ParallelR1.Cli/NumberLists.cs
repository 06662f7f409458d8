using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelR1.Cli;

/// <summary>Writes the fields that lines of tokens have in common, without a node for every number.</summary>
internal static class NumberLists
{
    public static void WriteId(Utf8JsonWriter writer, JsonNode? id)
    {
        writer.WritePropertyName("id");
        if (id is null)
            writer.WriteNullValue();
        else
            id.WriteTo(writer);
    }

    public static void Write(Utf8JsonWriter writer, string name, ReadOnlySpan<int> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, string name, ReadOnlySpan<float> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
