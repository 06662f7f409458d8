using System.Buffers.Binary;
using System.Text.Json;
using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>
/// Reads the header of a safetensors file: its length in eight bytes, then JSON that maps names to type, shape and offsets. Everything
/// (lengths, shapes against bytes, gaps, overlaps, duplicates) is checked before memory is allocated for the tensors.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>Maximum header length in bytes, as in the reference implementation.</summary>
    public const long MaxLength = 100_000_000;

    private const int MaxRank = 64;

    /// <summary>Gets the length of the JSON part; throws if the file cannot be a safetensors file.</summary>
    public static int Length(string path, ReadOnlySpan<byte> prefix, long fileLength)
    {
        if (fileLength < 8)
            throw Error(path, $"{fileLength} bytes are too few for a safetensors file; was the download cut off?");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)(fileLength - 8))
            throw Error(path, $"its header claims {length} bytes, the file has {fileLength - 8} after the length; it is cut off, or no safetensors file");
        if (length > MaxLength)
            throw Error(path, $"its header of {length} bytes is above the limit of {MaxLength}");
        return (int)length;
    }

    /// <summary>Parses and checks the JSON part.</summary>
    public static SafetensorsTable Parse(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        try
        {
            var table = Read(path, json);
            CheckLayout(path, table.Located, dataLength);
            return table;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InputException($"{path}: the header is not valid JSON of safetensors: {JsonText.Fault(e)}", e);
        }
    }

    private static SafetensorsTable Read(string path, ReadOnlySpan<byte> json)
    {
        var table = new SafetensorsTable();
        var reader = new Utf8JsonReader(json);
        Next(ref reader);
        Expect(path, reader, JsonTokenType.StartObject, "the header");
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            Next(ref reader);
            if (name == "__metadata__")
                ReadMetadata(path, ref reader, table.Metadata);
            else if (!table.Located.TryAdd(name, ReadTensor(path, name, ref reader)))
                throw Error(path, $"tensor '{Shorten(name)}' appears twice in the header");
        }

        while (reader.Read())
        {
            // Nothing may follow the object: the reader throws at anything but white space.
        }

        return table;
    }

    private static LocatedTensor ReadTensor(string path, string name, ref Utf8JsonReader reader)
    {
        Expect(path, reader, JsonTokenType.StartObject, $"tensor '{Shorten(name)}'");
        CheckpointDType? type = null;
        List<long>? shape = null, offsets = null;
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            var key = reader.GetString();
            Next(ref reader);
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(path, reader, JsonTokenType.String, $"dtype of tensor '{Shorten(name)}'");
                    type = CheckpointDTypes.TryParse(reader.GetString(), out var parsed)
                        ? parsed
                        : throw Error(path, $"tensor '{Shorten(name)}' has the unknown type '{Shorten(reader.GetString()!)}'; weights of type F64, F32, F16 and BF16 are read. {CheckpointDTypes.Remedy}");
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(path, name, "shape", MaxRank, ref reader);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(path, name, "data_offsets", 2, ref reader);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Error(path, $"tensor '{Shorten(name)}' has {key} twice");
                default:
                    reader.Skip();
                    break;
            }
        }

        if (type is null || shape is null || offsets is not { Count: 2 })
            throw Error(path, $"tensor '{Shorten(name)}' lacks dtype, shape or two data_offsets");
        return Locate(path, new TensorEntry(name, type.Value, shape.ToArray()), offsets[0], offsets[1]);
    }

    private static LocatedTensor Locate(string path, TensorEntry entry, long begin, long end)
    {
        var bytes = (UInt128)entry.DType.Size();
        foreach (var size in entry.Shape)
        {
            // At most 2^64 bytes before each product with at most 2^63, so 128 bits do not overflow.
            bytes *= (ulong)size;
            if (bytes > long.MaxValue)
                throw Error(path, $"tensor '{Shorten(entry.Name)}' {entry.ShapeText} is impossibly large");
        }

        if (end < begin || (UInt128)(ulong)(end - begin) != bytes)
            throw Error(path, $"tensor '{Shorten(entry.Name)}' {entry.DType} {entry.ShapeText} needs {bytes} bytes, its offsets are {begin} to {end}");
        return new LocatedTensor(entry, begin, end - begin);
    }

    private static void CheckLayout(string path, Dictionary<string, LocatedTensor> tensors, long dataLength)
    {
        long at = 0;
        foreach (var tensor in tensors.Values.OrderBy(t => t.Offset).ThenBy(t => t.Length))
        {
            if (tensor.Offset != at)
            {
                throw Error(path, $"tensor '{Shorten(tensor.Entry.Name)}' begins at byte {tensor.Offset}, "
                    + (tensor.Offset < at ? $"inside the tensor before it, which ends at {at}" : $"leaving a gap after {at}"));
            }

            at += tensor.Length;
            if (at > dataLength)
                throw Error(path, $"tensor '{Shorten(tensor.Entry.Name)}' ends at byte {at}, the file has {dataLength} bytes of data; it is cut off");
        }

        if (at != dataLength)
            throw Error(path, $"{dataLength - at} bytes follow the last tensor; the header does not describe this file");
    }

    private static List<long> ReadNumbers(string path, string name, string key, int limit, ref Utf8JsonReader reader)
    {
        Expect(path, reader, JsonTokenType.StartArray, $"{key} of tensor '{Shorten(name)}'");
        var numbers = new List<long>();
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw Error(path, $"{key} of tensor '{Shorten(name)}' must be whole numbers from 0 to {long.MaxValue}");
            if (numbers.Count == limit)
                throw Error(path, $"{key} of tensor '{Shorten(name)}' has more than {limit} numbers");
            numbers.Add(number);
        }

        return numbers;
    }

    private static void ReadMetadata(string path, ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;
        Expect(path, reader, JsonTokenType.StartObject, "__metadata__");
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            Next(ref reader);
            Expect(path, reader, JsonTokenType.String, $"__metadata__ '{Shorten(key)}'");
            metadata[key] = reader.GetString()!;
        }
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new JsonException("it ends too early.");

    private static void Expect(string path, Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type)
            throw Error(path, $"{what}: expected {type}, found {reader.TokenType}");
    }

    private static InputException Error(string path, string message) => new($"{path}: {message}");

    private static string Shorten(string text) => text.Length <= 120 ? text : text[..117] + "...";
}

/// <summary>The contents of a safetensors header: tensors with their locations, and metadata.</summary>
internal sealed class SafetensorsTable
{
    public Dictionary<string, LocatedTensor> Located { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);
}

/// <summary>A tensor and the offset and length of its bytes, relative to the start of the data.</summary>
internal readonly record struct LocatedTensor(TensorEntry Entry, long Offset, long Length);
