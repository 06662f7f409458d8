using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParquetSharp;

namespace ParallelR1.Data.Parquet;

/// <summary>A column being written: levels and values of the current row group.</summary>
internal sealed class ColumnBuffer(ParquetField field)
{
    private readonly List<short> _definitions = [];
    private readonly List<short> _repetitions = [];
    private readonly List<long> _integers = [];
    private readonly List<double> _numbers = [];
    private readonly List<bool> _flags = [];
    private readonly List<int> _lengths = [];
    private readonly ArrayBufferWriter<byte> _text = new();

    /// <summary>Gets the number of buffered bytes.</summary>
    public long Size => _text.WrittenCount + (8L * _definitions.Count);

    public void AddNull(short definition, short repetition)
    {
        _definitions.Add(definition);
        _repetitions.Add(repetition);
    }

    public void Add(JsonNode value, short definition, short repetition)
    {
        AddNull(definition, repetition);
        switch (field)
        {
            case TextField:
                var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(JsonLines.Options);
                _lengths.Add(System.Text.Encoding.UTF8.GetByteCount(text));
                _text.Advance(System.Text.Encoding.UTF8.GetBytes(text, _text.GetSpan(_lengths[^1])));
                break;
            case IntegerField:
                _integers.Add(long.Parse(value.ToJsonString(), CultureInfo.InvariantCulture));
                break;
            case NumberField:
                _numbers.Add(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture));
                break;
            default:
                _flags.Add(value.GetValue<bool>());
                break;
        }
    }

    /// <summary>Writes the buffered values and clears the buffer.</summary>
    public unsafe void Flush(ColumnWriter column)
    {
        switch (column)
        {
            case ColumnWriter<ByteArray> writer:
                fixed (byte* start = _text.WrittenSpan)
                    Write(writer, Strings((nint)start));
                break;
            case ColumnWriter<long> writer:
                Write(writer, [.. _integers]);
                break;
            case ColumnWriter<double> writer:
                Write(writer, [.. _numbers]);
                break;
            case ColumnWriter<bool> writer:
                Write(writer, [.. _flags]);
                break;
        }

        _definitions.Clear();
        _repetitions.Clear();
        _integers.Clear();
        _numbers.Clear();
        _flags.Clear();
        _lengths.Clear();
        _text.ResetWrittenCount();
    }

    private void Write<T>(ColumnWriter<T> writer, T[] values)
        where T : unmanaged =>
        writer.WriteBatch(_definitions.Count, _definitions.ToArray(), _repetitions.ToArray(), values);

    private ByteArray[] Strings(nint start)
    {
        var strings = new ByteArray[_lengths.Count];
        for (var i = 0; i < strings.Length; i++)
        {
            strings[i] = new ByteArray(start, _lengths[i]);
            start += _lengths[i];
        }

        return strings;
    }
}
