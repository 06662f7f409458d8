using ParquetSharp;

namespace ParallelR1.Data.Parquet;

/// <summary>Iterates over the entries of one column of a row group.</summary>
internal abstract class ColumnCursor : IDisposable
{
    /// <summary>Uncompressed size of a column in a row group, in bytes, up to which any compression ratio is accepted.</summary>
    private const long FreeSize = 256 << 20;

    /// <summary>Maximum compression ratio of a larger column; text reaches about ten.</summary>
    private const long MostExpansion = 256;

    /// <summary>Gets whether no entry is left.</summary>
    public bool AtEnd { get; protected set; }

    /// <summary>Gets the level of the current entry.</summary>
    public int Definition { get; protected set; }

    /// <inheritdoc cref="Definition"/>
    public int Repetition { get; protected set; }

    /// <summary>Opens a column at its first entry.</summary>
    /// <exception cref="InputException">The column is damaged.</exception>
    public static ColumnCursor Start(RowGroupReader group, int index, LeafColumn column)
    {
        NativeParquet.Call(() => RequireHonestSize(group, index, column), column.Path);
        return NativeParquet.Call(() => group.Column(index), column.Path) switch
        {
            ColumnReader<bool> reader => new ColumnCursor<bool>(reader, column, static (value, _) => value),
            ColumnReader<int> reader => new ColumnCursor<int>(reader, column, LeafValue.From),
            ColumnReader<long> reader => new ColumnCursor<long>(reader, column, LeafValue.From),
            ColumnReader<Int96> reader => new ColumnCursor<Int96>(reader, column, LeafValue.From),
            ColumnReader<float> reader => new ColumnCursor<float>(reader, column, static (value, _) => value),
            ColumnReader<double> reader => new ColumnCursor<double>(reader, column, static (value, _) => value),
            ColumnReader<ByteArray> reader => new ColumnCursor<ByteArray>(reader, column, LeafValue.From),
            ColumnReader<FixedLenByteArray> reader => new ColumnCursor<FixedLenByteArray>(reader, column, LeafValue.From),
            var reader => throw new InputException($"column '{column.Path}' has type {reader.Type}, which is not supported"),
        };
    }

    /// <summary>Rejects columns with an extreme compression ratio: pages are decompressed whole, and could exhaust memory.</summary>
    private static bool RequireHonestSize(RowGroupReader group, int index, LeafColumn column)
    {
        using var chunk = group.MetaData.GetColumnChunkMetaData(index);
        var (packed, unpacked) = (chunk.TotalCompressedSize, chunk.TotalUncompressedSize);
        return unpacked <= FreeSize || unpacked / MostExpansion <= packed ? true : throw new InputException(
            $"column '{column.Path}': {packed:N0} bytes unpack to {unpacked:N0}, more than {MostExpansion} times as many, which is refused above {FreeSize >> 20} MiB. If the file is what it should be, write it in smaller row groups, or as JSON Lines");
    }

    /// <summary>Reads the current entry (its value or null) and advances.</summary>
    /// <exception cref="InputException">The column is damaged, or its levels are inconsistent with those of the other columns.</exception>
    public abstract object? Take(int repetition);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed class ColumnCursor<T> : ColumnCursor
    where T : unmanaged
{
    private const int Batch = 1024;

    private readonly ColumnReader<T> _reader;
    private readonly LeafColumn _column;
    private readonly Func<T, LeafColumn, object> _convert;
    private readonly short[] _definitions = new short[Batch];
    private readonly short[] _repetitions = new short[Batch];
    private readonly T[] _values = new T[Batch];
    private int _levels;
    private int _level;
    private int _valuesRead;
    private int _value;

    public ColumnCursor(ColumnReader<T> reader, LeafColumn column, Func<T, LeafColumn, object> convert)
    {
        (_reader, _column, _convert) = (reader, column, convert);
        // A column without nulls and lists has no levels.
        Array.Fill(_definitions, (short)column.MaxDefinition);
        Advance();
    }

    public override object? Take(int repetition)
    {
        if (AtEnd)
            throw new InputException($"column '{_column.Path}' has fewer values than rows");
        if (Repetition != repetition)
            throw new InputException($"column '{_column.Path}' is inconsistent with its neighbours: repetition level {Repetition}, expected {repetition}");
        // Bytes are stored in the page, which stays until the next batch is read.
        var value = Definition == _column.MaxDefinition ? _convert(Next(), _column) : null;
        Advance();
        return value;
    }

    public override void Dispose() => _reader.Dispose();

    private T Next() => _value < _valuesRead
        ? _values[_value++]
        : throw new InputException($"column '{_column.Path}' has fewer values than its levels say");

    private void Advance()
    {
        if (_level == _levels && !Read())
        {
            AtEnd = true;
            return;
        }

        (Definition, Repetition) = (_definitions[_level], _repetitions[_level]);
        _level++;
    }

    private bool Read()
    {
        (_level, _value) = (0, 0);
        long values = 0;
        _levels = (int)NativeParquet.Call(
            () => _reader.HasNext ? Math.Max(_reader.ReadBatch(Batch, _definitions, _repetitions, _values, out values), values) : 0,
            _column.Path);
        _valuesRead = (int)values;
        return _levels > 0;
    }
}
