using System.Text.Json.Nodes;
using ParquetSharp;
using ParquetSharp.Schema;

namespace ParallelR1.Data.Parquet;

/// <summary>Writes JSON objects as the rows of a Parquet file: Snappy compression, row groups of a few thousand rows, of which one is in memory.</summary>
internal sealed class ParquetRowWriter
{
    private const int GroupRows = 4096;
    private const long GroupBytes = 1 << 25;

    private readonly IReadOnlyList<ParquetField> _fields;
    private readonly ColumnBuffer[] _columns;
    private int _rows;

    private ParquetRowWriter(IReadOnlyList<ParquetField> fields)
    {
        _fields = fields;
        _columns = [.. fields.SelectMany(Leaves).Select(f => new ColumnBuffer(f))];
    }

    /// <summary>Writes a whole file.</summary>
    /// <param name="stream">The stream to write to; it stays open.</param>
    /// <param name="fields">The fields to write; other members of the rows are ignored.</param>
    /// <param name="rows">The rows.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="UsageException">Parquet cannot be written on this machine.</exception>
    public static long Write(Stream stream, IReadOnlyList<ParquetField> fields, IEnumerable<JsonObject> rows)
    {
        var writer = new ParquetRowWriter(fields);
        using var schema = NativeParquet.Call(() => new GroupNode("schema", Repetition.Required, [.. fields.Select(f => f.ToNode())], null));
        using var builder = new WriterPropertiesBuilder();
        using var properties = builder.Compression(Compression.Snappy).Build();
        using var file = new ParquetFileWriter(stream, schema, properties, null, leaveOpen: true);
        long count = 0;
        foreach (var row in rows)
        {
            writer.Add(row);
            count++;
            if (writer.IsFull)
                writer.Flush(file);
        }

        writer.Flush(file);
        file.Close();
        return count;
    }

    private bool IsFull => _rows >= GroupRows || _columns.Sum(c => c.Size) >= GroupBytes;

    private static IEnumerable<ParquetField> Leaves(ParquetField field) => field switch
    {
        StructField structure => structure.Members.SelectMany(Leaves),
        ListField list => Leaves(list.Element),
        _ => [field],
    };

    private void Add(JsonObject row)
    {
        var column = 0;
        foreach (var field in _fields)
            Add(field, row[field.Name], ref column, 0, 0, 0);
        _rows++;
    }

    /// <summary>Appends a value to its columns, with the levels of Dremel (Melnik et al. 2010).</summary>
    private void Add(ParquetField field, JsonNode? value, ref int column, short definition, short repetition, short depth)
    {
        switch (field, value)
        {
            case (_, null):
                AddNull(field, ref column, definition, repetition);
                break;
            case (StructField structure, JsonObject members):
                foreach (var member in structure.Members)
                    Add(member, members[member.Name], ref column, (short)(definition + 1), repetition, depth);
                break;
            case (ListField list, JsonArray { Count: 0 }):
                AddNull(list.Element, ref column, (short)(definition + 1), repetition);
                break;
            case (ListField list, JsonArray items):
                var (first, deeper) = (column, (short)(depth + 1));
                for (var i = 0; i < items.Count; i++)
                {
                    column = first;
                    Add(list.Element, items[i], ref column, (short)(definition + 2), i == 0 ? repetition : deeper, deeper);
                }

                break;
            case (StructField or ListField, _):
                throw new ArgumentException($"'{field.Name}' is {value!.GetValueKind()}, the schema says {field.GetType().Name}");
            default:
                _columns[column++].Add(value!, (short)(definition + 1), repetition);
                break;
        }
    }

    private void AddNull(ParquetField field, ref int column, short definition, short repetition)
    {
        for (var end = column + field.Columns; column < end; column++)
            _columns[column].AddNull(definition, repetition);
    }

    private void Flush(ParquetFileWriter file)
    {
        if (_rows == 0)
            return;
        using var group = file.AppendRowGroup();
        foreach (var column in _columns)
        {
            using var writer = group.NextColumn();
            column.Flush(writer);
        }

        group.Close();
        _rows = 0;
    }
}
