namespace ParallelR1.Data.Parquet;

/// <summary>A horizontal slice of the file: the same rows of every column.</summary>
internal sealed record RowGroup(long Rows, IReadOnlyList<ColumnChunk> Columns)
{
    public static RowGroup Read(ref ThriftReader reader)
    {
        long rows = -1;
        var columns = new List<ColumnChunk>();
        short field = 0;
        while (reader.NextField(ref field, out var kind))
        {
            switch (field)
            {
                case 1:
                    var count = reader.ReadList(kind, out var element);
                    ThriftReader.ExpectStruct(element);
                    for (var i = 0; i < count; i++)
                        columns.Add(ColumnChunk.Read(ref reader));
                    break;
                case 3:
                    rows = reader.ReadI64(kind);
                    break;
                default:
                    reader.Skip(kind);
                    break;
            }
        }

        return rows >= 0 ? new RowGroup(rows, columns) : throw new InputException("the metadata is damaged: a row group without a number of rows");
    }
}
