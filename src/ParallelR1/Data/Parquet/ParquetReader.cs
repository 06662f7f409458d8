using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParquetSharp;

namespace ParallelR1.Data.Parquet;

/// <summary>Reads a Parquet file row by row: flat and nested columns, every codec and encoding of Apache's C++ library except LZO; not encrypted files.</summary>
/// <remarks>
/// Rows become JSON objects: integers, floats (as the strings <c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c> if not finite), Booleans and text
/// unchanged; dates, times, UUIDs and decimals as text; bytes that are not text as base64; maps as lists of key and value.
/// Memory: the compressed bytes of one row group, and one page and one dictionary per column.
/// </remarks>
internal sealed class ParquetReader : IDisposable
{
    private const int MagicLength = 4;
    private const int LeastBytes = 12;

    private readonly string _name;
    private readonly long _length;
    private readonly ParquetFileReader _file;
    private readonly SchemaTree _schema;
    private readonly int _groups;

    private ParquetReader(string path, string name)
    {
        _name = name;
        _length = CheckEnds(path);
        _file = NativeParquet.Open(path);
        try
        {
            using var metadata = _file.FileMetaData;
            _schema = SchemaTree.Build(metadata.Schema);
            (RowCount, _groups) = (metadata.NumRows, metadata.NumRowGroups);
            if (_schema.Columns.Count == 0 && RowCount > 0)
                throw new InputException("the footer claims rows but no columns");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Gets the number of rows according to the footer.</summary>
    public long RowCount { get; }

    /// <summary>Gets the dotted paths of the columns.</summary>
    public IEnumerable<string> Columns => _schema.Columns.Select(c => c.Path);

    /// <summary>Opens a file and reads its footer.</summary>
    /// <exception cref="UsageException">The file does not exist, or Parquet cannot be read on this machine.</exception>
    /// <exception cref="InputException">The file is not Parquet, damaged, or not supported.</exception>
    public static ParquetReader Open(string path) => Open(path, path);

    /// <summary>Opens a file, yields its rows, closes it.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static IEnumerable<JsonObject> ReadRows(string path) => ReadRows(path, path);

    /// <summary>Reads as <see cref="ReadRows(string)"/> does, with another name in error messages.</summary>
    internal static IEnumerable<JsonObject> ReadRows(string path, string name)
    {
        using var reader = Open(path, name);
        foreach (var row in reader.Rows())
            yield return row;
    }

    /// <summary>Returns whether a file begins with the Parquet magic; false for a pipe, which cannot be peeked at.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    public static bool IsParquet(string path)
    {
        using var file = LineReader.Open(path);
        Span<byte> head = stackalloc byte[MagicLength];
        return file.CanSeek && IsMagic(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
    }

    internal static bool IsMagic(ReadOnlySpan<byte> head) => head.StartsWith("PAR1"u8);

    /// <summary>Reads the rows one by one.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public IEnumerable<JsonObject> Rows()
    {
        long number = 0;
        for (var i = 0; i < _groups; i++)
        {
            using var group = Named(_name, () => _file.RowGroup(i));
            var rows = Named(_name, () => RowsOf(group));
            if (rows == 0)
                continue;
            var cursors = new List<ColumnCursor>();
            try
            {
                for (var c = 0; c < _schema.Columns.Count; c++)
                    cursors.Add(Named(_name, () => ColumnCursor.Start(group, c, _schema.Columns[c])));
                // Each value takes at least one bit, except in runs, for which a million values are allowed.
                var assembler = new RowAssembler(_schema.Root, cursors, Math.Max(1 << 20, Math.Min(_length * 8, 1 << 24)));
                for (long r = 0; r < rows; r++, number++)
                    yield return Named($"{_name}: row {number}", assembler.Next);
                if (cursors.Any(c => !c.AtEnd))
                    throw new InputException($"{_name}: a column has more values than the {rows:N0} rows of its row group");
            }
            finally
            {
                cursors.ForEach(c => c.Dispose());
            }
        }

        if (number != RowCount)
            throw new InputException($"{_name}: the footer says {RowCount:N0} rows, its row groups hold {number:N0}");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static ParquetReader Open(string path, string name) =>
        Named(name, () => NativeParquet.OnLargeStack(() => NativeParquet.Call(() => new ParquetReader(path, name))));

    private long RowsOf(RowGroupReader group)
    {
        var metadata = group.MetaData;
        if (metadata.NumColumns != _schema.Columns.Count)
            throw new InputException($"a row group has {metadata.NumColumns} columns, the schema {_schema.Columns.Count}");
        return metadata.NumRows >= 0 ? metadata.NumRows : throw new InputException($"a row group claims {metadata.NumRows} rows");
    }

    /// <summary>Checks the magic at both ends of the file; returns its length.</summary>
    private static long CheckEnds(string path)
    {
        using var file = LineReader.Open(path);
        if (file.Length < LeastBytes)
            throw new InputException($"{file.Length} bytes are too few for a Parquet file");
        Span<byte> head = stackalloc byte[MagicLength], tail = stackalloc byte[MagicLength];
        file.ReadExactly(head);
        file.Seek(-MagicLength, SeekOrigin.End);
        file.ReadExactly(tail);
        if (tail.SequenceEqual("PARE"u8) || head.SequenceEqual("PARE"u8))
            throw new InputException("encrypted files are not supported");
        return IsMagic(head) && IsMagic(tail)
            ? file.Length
            : throw new InputException("this is not a whole Parquet file (it does not begin and end in PAR1); is it truncated?");
    }

    private static T Named<T>(string place, Func<T> work)
    {
        try
        {
            return NativeParquet.Call(work);
        }
        catch (InputException e)
        {
            throw new InputException($"{place}: {e.Message}", e);
        }
    }
}
