using System.Buffers;
using System.Text;

namespace ParallelR1.Data.Parquet;

/// <summary>Writes the Thrift compact protocol.</summary>
internal sealed class ThriftWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Stack<short> _outer = new();
    private short _last;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public ThriftWriter I32(short field, int value)
    {
        Field(field, ThriftType.I32);
        ZigZag(value);
        return this;
    }

    public ThriftWriter I64(short field, long value)
    {
        Field(field, ThriftType.I64);
        ZigZag(value);
        return this;
    }

    public ThriftWriter String(short field, string value)
    {
        Field(field, ThriftType.Binary);
        Element(value);
        return this;
    }

    public ThriftWriter List(short field, ThriftType element, int count)
    {
        Field(field, ThriftType.List);
        if (count < 15)
        {
            Put((byte)(count << 4 | (int)element));
            return this;
        }

        Put((byte)(0xF0 | (int)element));
        Varint((ulong)count);
        return this;
    }

    /// <summary>An element of a list.</summary>
    public void Element(int value) => ZigZag(value);

    /// <inheritdoc cref="Element(int)"/>
    public void Element(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Varint((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    /// <summary>A struct as a field, or (field 0) as an element of a list.</summary>
    public ThriftWriter Begin(short field = 0)
    {
        if (field != 0)
            Field(field, ThriftType.Struct);
        _outer.Push(_last);
        _last = 0;
        return this;
    }

    public ThriftWriter End()
    {
        Put(0);
        _last = _outer.Count > 0 ? _outer.Pop() : (short)0;
        return this;
    }

    private void Field(short field, ThriftType type)
    {
        Put((byte)((field - _last) << 4 | (int)type));
        _last = field;
    }

    private void Put(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    private void ZigZag(long value) => Varint((ulong)(value << 1) ^ (ulong)(value >> 63));

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Put((byte)(value | 0x80));
        Put((byte)value);
    }
}
