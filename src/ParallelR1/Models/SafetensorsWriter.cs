using System.Buffers.Binary;
using System.Text.Json;
using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>Writes safetensors files as streams: the header, then tensor by tensor. Files are written atomically.</summary>
internal static class SafetensorsWriter
{
    private static readonly Dictionary<string, string> Format = new() { ["format"] = "pt" };

    /// <summary>
    /// Writes the tensors, ordered by element size (largest first, so that all data is aligned) and name, with the metadata
    /// <c>{"format": "pt"}</c> that Hugging Face libraries expect, unless other metadata are given.
    /// </summary>
    /// <exception cref="InvalidOperationException">A source wrote more or fewer bytes than its shape requires.</exception>
    public static void Write(string path, IEnumerable<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = tensors
            .OrderByDescending(t => t.Entry.DType.Size())
            .ThenBy(t => t.Entry.Name, StringComparer.Ordinal)
            .ToArray();
        AtomicFile.Write(path, stream =>
        {
            WriteHeader(stream, ordered, metadata ?? Format);
            foreach (var tensor in ordered)
                WriteData(stream, tensor);
        });
    }

    private static void WriteHeader(Stream stream, TensorSource[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header, new JsonWriterOptions { Encoder = JsonLines.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (var tensor in tensors)
                offset = WriteEntry(json, tensor.Entry, offset);
            json.WriteEndObject();
        }

        while (header.Length % 8 != 0)
            header.WriteByte((byte)' ');
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        header.WriteTo(stream);
    }

    private static long WriteEntry(Utf8JsonWriter json, TensorEntry entry, long offset)
    {
        var end = checked(offset + entry.ByteCount);
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", entry.DType.ToString());
        json.WriteStartArray("shape");
        foreach (var size in entry.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }

    private static void WriteData(Stream stream, TensorSource tensor)
    {
        var before = stream.Position;
        tensor.WriteTo(stream);
        var written = stream.Position - before;
        if (written != tensor.Entry.ByteCount)
            throw new InvalidOperationException($"tensor '{tensor.Entry.Name}' {tensor.Entry.ShapeText} has {tensor.Entry.ByteCount} bytes, {written} were written");
    }
}
