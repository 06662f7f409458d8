using System.Buffers.Binary;

namespace ParallelR1.Data.Parquet;

/// <summary>Walks through one column of a row group, page by page; holds one page and one dictionary at a time.</summary>
internal sealed class ColumnCursor
{
    private const int PlainEncoding = 0;
    private const int PlainDictionaryEncoding = 2;
    private const int RunLengthEncoding = 3;
    private const int DictionaryEncoding = 8;
    private const int MaxHeader = 1 << 24;

    private static readonly string[] EncodingNames =
    [
        "PLAIN", "GROUP_VAR_INT", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED",
        "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT",
    ];

    private readonly ParquetInput _input;
    private readonly Column _column;
    private readonly ColumnChunk _chunk;
    private readonly long _end;
    private long _offset;
    private long _valuesLeft;
    private int _pageLeft;
    private HybridDecoder _definitions;
    private HybridDecoder _repetitions;
    private IValueSource? _values;
    private object[]? _dictionary;

    public ColumnCursor(ParquetInput input, Column column, ColumnChunk chunk)
    {
        (_input, _column, _chunk) = (input, column, chunk);
        (_offset, _end, _valuesLeft) = (chunk.Start, chunk.Start + chunk.CompressedSize, chunk.Values);
        Codec.Check(chunk.Codec, column.Path);
        Advance();
    }

    /// <summary>No entry is left.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>Levels of the entry at hand.</summary>
    public int Definition { get; private set; }

    /// <inheritdoc cref="Definition"/>
    public int Repetition { get; private set; }

    /// <summary>Takes the entry at hand: its value, or null; then moves on.</summary>
    public object? Take(int repetition)
    {
        if (AtEnd)
            throw new InputException($"column '{_column.Path}' has fewer values than rows");
        if (Repetition != repetition)
            throw new InputException($"column '{_column.Path}' does not fit its neighbours: repetition level {Repetition}, expected {repetition}");
        var value = Definition == _column.MaxDefinition ? _values!.Next() : null;
        Advance();
        return value;
    }

    private void Advance()
    {
        if (_valuesLeft == 0)
        {
            AtEnd = true;
            return;
        }

        while (_pageLeft == 0)
            NextPage();
        _pageLeft--;
        _valuesLeft--;
        Repetition = Level(ref _repetitions, _column.MaxRepetition);
        Definition = Level(ref _definitions, _column.MaxDefinition);
    }

    private int Level(ref HybridDecoder levels, int max)
    {
        var level = levels.Next();
        return level <= (uint)max ? (int)level : throw new InputException($"column '{_column.Path}' has level {level} where {max} is the highest");
    }

    private void NextPage()
    {
        if (_offset >= _end)
            throw new InputException($"column '{_column.Path}' ends {_valuesLeft:N0} values early");
        var header = ReadHeader();
        if (header.CompressedSize > _end - _offset)
            throw new InputException($"a page of column '{_column.Path}' claims {header.CompressedSize:N0} bytes where {_end - _offset:N0} are left");
        if (header.Type is not (PageHeader.DataPage or PageHeader.DataPageV2 or PageHeader.DictionaryPage))
        {
            _offset += header.CompressedSize;
            return;
        }

        var page = _input.Read(_offset, header.CompressedSize);
        _offset += header.CompressedSize;
        switch (header.Type)
        {
            case PageHeader.DictionaryPage:
                ReadDictionary(header, page);
                break;
            case PageHeader.DataPage:
                StartPage(header, Codec.Decompress(_chunk.Codec, page, 0, header.UncompressedSize));
                break;
            default:
                StartPageV2(header, page);
                break;
        }
    }

    private void ReadDictionary(PageHeader header, byte[] page)
    {
        if (_dictionary is not null)
            throw new InputException($"column '{_column.Path}' has two dictionaries in a row group");
        if (header.Encoding is not (PlainEncoding or PlainDictionaryEncoding))
            throw Unread(header.Encoding);
        var data = Codec.Decompress(_chunk.Codec, page, 0, header.UncompressedSize);
        _dictionary = new PlainValues(data, _column).ReadAll(header.Values);
    }

    private void StartPage(PageHeader header, byte[] data)
    {
        var rest = data.AsMemory();
        if (_column.MaxRepetition > 0)
            _repetitions = LevelsWithLength(ref rest, header.RepetitionEncoding, _column.MaxRepetition);
        if (_column.MaxDefinition > 0)
            _definitions = LevelsWithLength(ref rest, header.DefinitionEncoding, _column.MaxDefinition);
        StartValues(header, rest);
    }

    private void StartPageV2(PageHeader header, byte[] page)
    {
        var levels = header.RepetitionBytes + header.DefinitionBytes;
        if (header.UncompressedSize < levels)
            throw new InputException($"a page of column '{_column.Path}' is smaller than its levels");
        _repetitions = new HybridDecoder(page.AsMemory(0, header.RepetitionBytes), HybridDecoder.WidthOf(_column.MaxRepetition));
        _definitions = new HybridDecoder(page.AsMemory(header.RepetitionBytes, header.DefinitionBytes), HybridDecoder.WidthOf(_column.MaxDefinition));
        var size = header.UncompressedSize - levels;
        // A page of nothing but nulls may leave out the compressed part altogether.
        var isEmpty = size == 0 && page.Length == levels;
        StartValues(header, isEmpty ? default : Codec.Decompress(header.IsCompressed ? _chunk.Codec : Codec.Uncompressed, page, levels, size));
    }

    private HybridDecoder LevelsWithLength(ref Memory<byte> data, int encoding, int max)
    {
        if (encoding != RunLengthEncoding)
            throw Unread(encoding);
        return new HybridDecoder(TakeWithLength(ref data), HybridDecoder.WidthOf(max));
    }

    private Memory<byte> TakeWithLength(ref Memory<byte> data)
    {
        var length = data.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(data.Span) : -1;
        if (length < 0 || length > data.Length - 4)
            throw new InputException($"a page of column '{_column.Path}' claims {length:N0} bytes of levels in {data.Length:N0}");
        var levels = data.Slice(4, length);
        data = data[(4 + length)..];
        return levels;
    }

    private void StartValues(PageHeader header, Memory<byte> data)
    {
        if (header.Values > _valuesLeft)
            throw new InputException($"a page of column '{_column.Path}' claims {header.Values:N0} values where {_valuesLeft:N0} are left");
        _pageLeft = header.Values;
        switch (header.Encoding)
        {
            case PlainEncoding:
                _values = new PlainValues(data, _column);
                break;
            case PlainDictionaryEncoding or DictionaryEncoding:
                _values = StartIndexes(data);
                break;
            case RunLengthEncoding when _column.Type == PhysicalType.Boolean:
                _values = new RunLengthBooleans(new HybridDecoder(data.IsEmpty ? data : TakeWithLength(ref data), 1));
                break;
            default:
                throw Unread(header.Encoding);
        }
    }

    private DictionaryValues StartIndexes(Memory<byte> data)
    {
        if (_dictionary is null)
            throw new InputException($"column '{_column.Path}' refers to a dictionary that is not there");
        var width = data.IsEmpty ? 0 : data.Span[0];
        if (width > 32)
            throw new InputException($"a page of column '{_column.Path}' has indexes of {width} bits");
        return new DictionaryValues(_dictionary, new HybridDecoder(data.IsEmpty ? data : data[1..], width));
    }

    private PageHeader ReadHeader()
    {
        for (var size = 1 << 14; ; size *= 8)
        {
            var bytes = _input.Read(_offset, (int)Math.Min(size, _end - _offset));
            try
            {
                var reader = new ThriftReader(bytes);
                var header = PageHeader.Read(ref reader);
                _offset += reader.Position;
                return header;
            }
            catch (ThriftEndException) when (bytes.Length < _end - _offset && size < MaxHeader)
            {
                // Statistics in a header may be long: once more with a larger piece.
            }
            catch (ThriftEndException e)
            {
                throw new InputException($"a page header of column '{_column.Path}' is damaged", e);
            }
        }
    }

    private InputException Unread(int encoding) =>
        new($"column '{_column.Path}' is encoded as {((uint)encoding < (uint)EncodingNames.Length ? EncodingNames[encoding] : $"number {encoding}")}, which is not read; write it as PLAIN or with a dictionary");
}
