namespace ParallelR1.Data.Parquet;

/// <summary>The header in front of every page; the fields of both versions of data pages in one record.</summary>
internal sealed record PageHeader
{
    public const int DataPage = 0;
    public const int IndexPage = 1;
    public const int DictionaryPage = 2;
    public const int DataPageV2 = 3;

    public int Type { get; private set; } = -1;
    public int UncompressedSize { get; private set; } = -1;
    public int CompressedSize { get; private set; } = -1;
    public int Values { get; private set; } = -1;
    public int Encoding { get; private set; } = -1;
    public int DefinitionEncoding { get; private set; } = 3;
    public int RepetitionEncoding { get; private set; } = 3;
    public int DefinitionBytes { get; private set; }
    public int RepetitionBytes { get; private set; }
    public bool IsCompressed { get; private set; } = true;

    public static PageHeader Read(ref ThriftReader reader)
    {
        var header = new PageHeader();
        short field = 0;
        while (reader.NextField(ref field, out var kind))
        {
            switch (field)
            {
                case 1:
                    header.Type = reader.ReadI32(kind);
                    break;
                case 2:
                    header.UncompressedSize = reader.ReadI32(kind);
                    break;
                case 3:
                    header.CompressedSize = reader.ReadI32(kind);
                    break;
                case 5 or 7:
                    ThriftReader.ExpectStruct(kind);
                    header.ReadBody(ref reader, version2: false);
                    break;
                case 8:
                    ThriftReader.ExpectStruct(kind);
                    header.ReadBody(ref reader, version2: true);
                    break;
                default:
                    reader.Skip(kind);
                    break;
            }
        }

        if (header.Type < 0 || header.UncompressedSize < 0 || header.CompressedSize < 0)
            throw new InputException("a page header is damaged: type or sizes are missing or negative");
        if (header.Type is DataPage or DictionaryPage or DataPageV2 && (header.Values < 0 || header.Encoding < 0))
            throw new InputException("a page header is damaged: number of values or encoding is missing or negative");
        if (header.DefinitionBytes < 0 || header.RepetitionBytes < 0 || (long)header.DefinitionBytes + header.RepetitionBytes > header.CompressedSize)
            throw new InputException("a page header is damaged: the levels are longer than the page");
        return header;
    }

    // Version 1: values, encoding, encoding of definition and of repetition levels (a dictionary page: values, encoding).
    // Version 2: values, nulls, rows, encoding, bytes of definition and of repetition levels, compressed or not.
    private void ReadBody(ref ThriftReader reader, bool version2)
    {
        short field = 0;
        while (reader.NextField(ref field, out var kind))
        {
            switch (version2, field)
            {
                case (_, 1):
                    Values = reader.ReadI32(kind);
                    break;
                case (false, 2) or (true, 4):
                    Encoding = reader.ReadI32(kind);
                    break;
                case (false, 3) when kind == ThriftType.I32:
                    DefinitionEncoding = reader.ReadI32(kind);
                    break;
                case (false, 4):
                    RepetitionEncoding = reader.ReadI32(kind);
                    break;
                case (true, 5):
                    DefinitionBytes = reader.ReadI32(kind);
                    break;
                case (true, 6):
                    RepetitionBytes = reader.ReadI32(kind);
                    break;
                case (true, 7):
                    IsCompressed = ThriftReader.ReadBool(kind);
                    break;
                default:
                    reader.Skip(kind);
                    break;
            }
        }
    }
}
