using System.Buffers.Binary;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Data.Parquet;

/// <summary>
/// Reads a Parquet file row by row: flat and nested columns; uncompressed, Snappy and gzip; plain and dictionary pages
/// of both versions, run-length encoded booleans. Anything else is refused by name.
/// </summary>
/// <remarks>
/// Rows become JSON objects: integers, floats (as the strings <c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c> where they are not finite),
/// booleans and text as they are; dates, times, UUIDs and decimals as text; bytes that are not text in base 64; maps as lists of key and value.
/// Memory: one page and one dictionary a column.
/// </remarks>
public sealed class ParquetReader : IDisposable
{
    private const int MaxFooter = 1 << 28;
    private readonly string _path;
    private readonly ParquetInput _input;
    private readonly FileMetadata _metadata;
    private readonly SchemaTree _schema;

    private ParquetReader(string path, ParquetInput input)
    {
        (_path, _input) = (path, input);
        _metadata = ReadMetadata(input);
        _schema = SchemaTree.Build(_metadata.Schema);
        Check();
    }

    /// <summary>Rows in the file, as its footer says.</summary>
    public long RowCount => _metadata.Rows;

    /// <summary>Dotted paths of the columns.</summary>
    public IEnumerable<string> Columns => _schema.Columns.Select(c => c.Path);

    /// <summary>Opens a file and reads its footer.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">It is no Parquet file, damaged, or of a kind that is not read.</exception>
    public static ParquetReader Open(string path) => Open(path, path);

    private static ParquetReader Open(string path, string name)
    {
        var input = new ParquetInput(path);
        try
        {
            return Named(name, () => new ParquetReader(name, input));
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file, yields its rows, closes it.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static IEnumerable<JsonObject> ReadRows(string path) => ReadRows(path, path);

    /// <summary>As <see cref="ReadRows(string)"/>, with another name for the errors.</summary>
    internal static IEnumerable<JsonObject> ReadRows(string path, string name)
    {
        using var reader = Open(path, name);
        foreach (var row in reader.Rows())
            yield return row;
    }

    /// <summary>Whether a file begins as a Parquet file does; never so for a pipe, which cannot be looked at without taking from it.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    public static bool IsParquet(string path)
    {
        using var file = LineReader.Open(path);
        Span<byte> head = stackalloc byte[4];
        return file.CanSeek && IsMagic(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
    }

    internal static bool IsMagic(ReadOnlySpan<byte> head) => head.StartsWith("PAR1"u8);

    /// <summary>The rows, one by one.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public IEnumerable<JsonObject> Rows()
    {
        long number = 0;
        foreach (var group in _metadata.RowGroups)
        {
            if (group.Rows == 0)
                continue;
            var cursors = Named(_path, () => Start(group));
            // Each value costs at least a bit somewhere, except in runs; those are allowed a million.
            var assembler = new RowAssembler(_schema.Root, cursors, Math.Max(1 << 20, Math.Min(_input.Length * 8, 1 << 24)));
            for (long i = 0; i < group.Rows; i++, number++)
                yield return Named($"{_path}: row {number}", assembler.Next);
            if (cursors.Any(c => !c.AtEnd))
                throw new InputException($"{_path}: a column has more values than the {group.Rows:N0} rows of its row group");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _input.Dispose();

    private static FileMetadata ReadMetadata(ParquetInput input)
    {
        if (input.Length < 12)
            throw new InputException($"{input.Length} bytes are too few for a Parquet file");
        var tail = input.Read(input.Length - 8, 8);
        if (tail.AsSpan(4).SequenceEqual("PARE"u8))
            throw new InputException("encrypted files are not read");
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8) || !input.Read(0, 4).AsSpan().SequenceEqual("PAR1"u8))
            throw new InputException("this is not a whole Parquet file (it does not begin and end in PAR1); is it truncated?");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (length > input.Length - 12 || length > MaxFooter)
            throw new InputException($"the footer claims {length:N0} bytes of a file of {input.Length:N0}");
        try
        {
            return FileMetadata.Read(input.Read(input.Length - 8 - length, (int)length));
        }
        catch (ThriftEndException e)
        {
            throw new InputException("the footer is damaged: it ends in the middle", e);
        }
    }

    private void Check()
    {
        if (_metadata.RowGroups.Sum(g => (decimal)g.Rows) != _metadata.Rows)
            throw new InputException($"the footer says {_metadata.Rows:N0} rows, its row groups hold another number");
        if (_schema.Columns.Count == 0 && _metadata.Rows > 0)
            throw new InputException("the footer claims rows but no columns");
        foreach (var group in _metadata.RowGroups)
            Check(group);
    }

    private void Check(RowGroup group)
    {
        if (group.Columns.Count != _schema.Columns.Count)
            throw new InputException($"a row group has {group.Columns.Count} columns, the schema {_schema.Columns.Count}");
        foreach (var (column, chunk) in _schema.Columns.Zip(group.Columns))
        {
            if (chunk.Type != column.Type || chunk.Path != column.Path)
                throw new InputException($"a row group holds '{chunk.Path}' ({chunk.Type}) where the schema says '{column.Path}' ({column.Type})");
            if (column.MaxRepetition == 0 ? chunk.Values != group.Rows : chunk.Values < group.Rows)
                throw new InputException($"column '{column.Path}' has {chunk.Values:N0} values for {group.Rows:N0} rows");
            if (chunk.Start > _input.Length || chunk.CompressedSize > _input.Length - chunk.Start)
                throw new InputException($"column '{column.Path}' lies outside of the file; is it truncated?");
        }
    }

    private List<ColumnCursor> Start(RowGroup group)
    {
        var cursors = new List<ColumnCursor>();
        foreach (var (column, chunk) in _schema.Columns.Zip(group.Columns))
            cursors.Add(new ColumnCursor(_input, column, chunk));
        return cursors;
    }

    private static T Named<T>(string place, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InputException e)
        {
            throw new InputException($"{place}: {e.Message}", e);
        }
    }
}
