namespace ParallelR1.Data.Parquet;

/// <summary>The footer: schema, number of rows, row groups.</summary>
internal sealed record FileMetadata(IReadOnlyList<SchemaElement> Schema, long Rows, IReadOnlyList<RowGroup> RowGroups)
{
    private const int MaxSchemaElements = 1 << 14;

    public static FileMetadata Read(ReadOnlySpan<byte> footer)
    {
        var reader = new ThriftReader(footer);
        var schema = new List<SchemaElement>();
        var groups = new List<RowGroup>();
        long rows = -1;
        short field = 0;
        while (reader.NextField(ref field, out var kind))
        {
            switch (field)
            {
                case 2:
                    var elements = ReadCount(ref reader, kind);
                    if (elements > MaxSchemaElements)
                        throw new InputException($"the schema has {elements:N0} elements, more than the {MaxSchemaElements:N0} that are read");
                    for (var i = 0; i < elements; i++)
                        schema.Add(SchemaElement.Read(ref reader));
                    break;
                case 3:
                    rows = reader.ReadI64(kind);
                    break;
                case 4:
                    var count = ReadCount(ref reader, kind);
                    for (var i = 0; i < count; i++)
                        groups.Add(RowGroup.Read(ref reader));
                    break;
                case 8:
                    throw new InputException("encrypted files are not read");
                default:
                    reader.Skip(kind);
                    break;
            }
        }

        if (rows < 0 || schema.Count == 0)
            throw new InputException("the footer is damaged: schema or number of rows is missing");
        return new FileMetadata(schema, rows, groups);
    }

    private static int ReadCount(ref ThriftReader reader, ThriftType kind)
    {
        var count = reader.ReadList(kind, out var element);
        ThriftReader.ExpectStruct(element);
        return count;
    }
}
