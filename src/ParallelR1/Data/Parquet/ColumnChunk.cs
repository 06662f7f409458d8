namespace ParallelR1.Data.Parquet;

/// <summary>Where the pages of one column in one row group lie, and how they are compressed.</summary>
internal sealed record ColumnChunk
{
    public required PhysicalType Type { get; init; }
    public required string Path { get; init; }
    public required int Codec { get; init; }
    public required long Values { get; init; }
    public required long CompressedSize { get; init; }
    public required long Start { get; init; }

    public static ColumnChunk Read(ref ThriftReader reader)
    {
        ColumnChunk? chunk = null;
        short field = 0;
        while (reader.NextField(ref field, out var kind))
        {
            switch (field)
            {
                case 1:
                    if (reader.ReadString(kind) is { Length: > 0 } file)
                        throw new InputException($"column data in another file ('{file}') is not read; write the set into one file");
                    break;
                case 3:
                    ThriftReader.ExpectStruct(kind);
                    chunk = ReadMetadata(ref reader);
                    break;
                case 8 or 9:
                    throw new InputException("encrypted columns are not read");
                default:
                    reader.Skip(kind);
                    break;
            }
        }

        return chunk ?? throw new InputException("the metadata is damaged: a column without its description");
    }

    private static ColumnChunk ReadMetadata(ref ThriftReader reader)
    {
        int type = -1, codec = -1;
        long values = -1, compressed = -1, data = -1, dictionary = 0;
        var path = "";
        short field = 0;
        while (reader.NextField(ref field, out var kind))
        {
            switch (field)
            {
                case 1:
                    type = reader.ReadI32(kind);
                    break;
                case 3:
                    path = ReadPath(ref reader, kind);
                    break;
                case 4:
                    codec = reader.ReadI32(kind);
                    break;
                case 5:
                    values = reader.ReadI64(kind);
                    break;
                case 7:
                    compressed = reader.ReadI64(kind);
                    break;
                case 9:
                    data = reader.ReadI64(kind);
                    break;
                case 11:
                    dictionary = reader.ReadI64(kind);
                    break;
                default:
                    reader.Skip(kind);
                    break;
            }
        }

        if (!Enum.IsDefined((PhysicalType)type) || codec < 0 || values < 0 || compressed < 0 || data < 0 || dictionary < 0)
            throw new InputException($"the metadata is damaged: the description of column '{path}' is incomplete");
        return new ColumnChunk
        {
            Type = (PhysicalType)type,
            Path = path,
            Codec = codec,
            Values = values,
            CompressedSize = compressed,
            // Writers that have no dictionary leave the offset out or write 0.
            Start = dictionary > 0 ? Math.Min(dictionary, data) : data,
        };
    }

    private static string ReadPath(ref ThriftReader reader, ThriftType kind)
    {
        var count = reader.ReadList(kind, out var element);
        if (count > SchemaTree.MaxDepth)
            throw new InputException("the metadata is damaged: a column nested too deeply");
        var parts = new List<string>();
        for (var i = 0; i < count; i++)
            parts.Add(reader.ReadString(element));
        return string.Join('.', parts);
    }
}
