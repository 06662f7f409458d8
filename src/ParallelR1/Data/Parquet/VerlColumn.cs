using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ParallelR1.Data.Parquet;

/// <summary>A column being written: levels and plain values of the row group at hand.</summary>
/// <param name="Path">From the root, part by part.</param>
/// <param name="Type">Text (<see cref="PhysicalType.ByteArray"/>) or <see cref="PhysicalType.Int64"/>.</param>
/// <param name="MaxDefinition">The definition level of a value that is there.</param>
/// <param name="InList">Whether it lies in the list of messages.</param>
internal sealed record VerlColumn(string[] Path, PhysicalType Type, int MaxDefinition, bool InList)
{
    private readonly ArrayBufferWriter<byte> _values = new();
    private readonly List<byte> _definitions = [];

    /// <summary>Levels so far.</summary>
    public int Count => _definitions.Count;

    public void Add(string? text)
    {
        _definitions.Add((byte)(text is null ? MaxDefinition - 1 : MaxDefinition));
        if (text is null)
            return;
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        _values.Write(length);
        _values.Write(bytes);
    }

    public void Add(long number)
    {
        _definitions.Add((byte)MaxDefinition);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        _values.Write(bytes);
    }

    /// <summary>The body of one data page of version 1; the column is empty afterwards.</summary>
    public byte[] TakePage()
    {
        using var page = new MemoryStream();
        // Every list of messages has exactly one element: all repetition levels are 0.
        if (InList)
            WriteLevels(page, [(Count, (byte)0)]);
        WriteLevels(page, Runs(_definitions));
        page.Write(_values.WrittenSpan);
        _definitions.Clear();
        _values.ResetWrittenCount();
        return page.ToArray();
    }

    private static void WriteLevels(MemoryStream page, IEnumerable<(int Count, byte Level)> runs)
    {
        using var levels = new MemoryStream();
        foreach (var (count, level) in runs)
        {
            var head = (uint)count << 1;
            for (; head >= 0x80; head >>= 7)
                levels.WriteByte((byte)(head | 0x80));
            levels.WriteByte((byte)head);
            levels.WriteByte(level);
        }

        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, (int)levels.Length);
        page.Write(length);
        page.Write(levels.ToArray());
    }

    private static IEnumerable<(int Count, byte Level)> Runs(List<byte> levels)
    {
        for (var i = 0; i < levels.Count;)
        {
            var start = i;
            while (i < levels.Count && levels[i] == levels[start])
                i++;
            yield return (i - start, levels[start]);
        }
    }
}
