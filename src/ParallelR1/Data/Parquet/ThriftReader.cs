using System.Text;

namespace ParallelR1.Data.Parquet;

/// <summary>Reads the Thrift compact protocol from bytes; every length is checked against what is left.</summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    private const int MaxDepth = 32;
    private readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; private set; }

    private readonly int Left => _data.Length - Position;

    /// <summary>The next field of a struct; false at its end. <paramref name="field"/> holds the previous id (0 at first) and then the new one.</summary>
    public bool NextField(ref short field, out ThriftType type)
    {
        var head = ReadByte();
        type = ToType(head & 0x0F);
        if (type == ThriftType.Stop)
            return false;
        var delta = head >> 4;
        field = delta != 0 ? (short)(field + delta) : (short)ReadZigZag();
        return true;
    }

    public int ReadI32(ThriftType type)
    {
        Expect(type, ThriftType.I32);
        var value = ReadZigZag();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new InputException($"the metadata is damaged: {value} where a 32-bit number belongs");
    }

    public long ReadI64(ThriftType type)
    {
        Expect(type, ThriftType.I64);
        return ReadZigZag();
    }

    public sbyte ReadI8(ThriftType type)
    {
        Expect(type, ThriftType.Byte);
        return (sbyte)ReadByte();
    }

    public static bool ReadBool(ThriftType type) => type switch
    {
        ThriftType.True => true,
        ThriftType.False => false,
        _ => throw Unexpected(type, ThriftType.True),
    };

    public string ReadString(ThriftType type)
    {
        Expect(type, ThriftType.Binary);
        return Encoding.UTF8.GetString(ReadBytes());
    }

    /// <summary>The number of elements of a list; never more than the bytes left, since each takes at least one.</summary>
    public int ReadList(ThriftType type, out ThriftType element)
    {
        Expect(type, ThriftType.List);
        return ReadListHead(out element);
    }

    public static void ExpectStruct(ThriftType type) => Expect(type, ThriftType.Struct);

    public void Skip(ThriftType type) => Skip(type, 0);

    private void Skip(ThriftType type, int depth)
    {
        if (depth > MaxDepth)
            throw new InputException("the metadata is damaged: values nested too deeply");
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Advance(1);
                break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64:
                ReadZigZag();
                break;
            case ThriftType.Double:
                Advance(8);
                break;
            case ThriftType.Uuid:
                Advance(16);
                break;
            case ThriftType.Binary:
                ReadBytes();
                break;
            case ThriftType.List or ThriftType.Set:
                SkipElements(depth);
                break;
            case ThriftType.Map:
                SkipMap(depth);
                break;
            default:
                short field = 0;
                while (NextField(ref field, out var inner))
                    Skip(inner, depth + 1);
                break;
        }
    }

    private void SkipElements(int depth)
    {
        var count = ReadListHead(out var element);
        for (var i = 0; i < count; i++)
            SkipElement(element, depth);
    }

    private void SkipMap(int depth)
    {
        var count = CheckCount(ReadVarint());
        if (count == 0)
            return;
        var types = ReadByte();
        for (var i = 0; i < count; i++)
        {
            SkipElement(ToType(types >> 4), depth);
            SkipElement(ToType(types & 0x0F), depth);
        }
    }

    // A boolean is part of the header as a field, but a byte of its own as an element.
    private void SkipElement(ThriftType type, int depth)
    {
        if (type is ThriftType.True or ThriftType.False)
            Advance(1);
        else
            Skip(type, depth + 1);
    }

    private int ReadListHead(out ThriftType element)
    {
        var head = ReadByte();
        element = ToType(head & 0x0F);
        return CheckCount(head >> 4 == 15 ? ReadVarint() : (ulong)(head >> 4));
    }

    private readonly int CheckCount(ulong count) =>
        count <= (ulong)Left ? (int)count : throw new ThriftEndException();

    private ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        if (length > (ulong)Left)
            throw new ThriftEndException();
        var bytes = _data.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    private void Advance(int bytes)
    {
        if (bytes > Left)
            throw new ThriftEndException();
        Position += bytes;
    }

    private byte ReadByte()
    {
        Advance(1);
        return _data[Position - 1];
    }

    private long ReadZigZag()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InputException("the metadata is damaged: a number of more than 64 bits");
    }

    private static ThriftType ToType(int nibble) =>
        nibble <= (int)ThriftType.Uuid ? (ThriftType)nibble : throw new InputException($"the metadata is damaged: unknown type {nibble}");

    private static void Expect(ThriftType found, ThriftType expected)
    {
        if (found != expected)
            throw Unexpected(found, expected);
    }

    private static InputException Unexpected(ThriftType found, ThriftType expected) =>
        new($"the metadata is damaged: {found} where {expected} belongs");
}
