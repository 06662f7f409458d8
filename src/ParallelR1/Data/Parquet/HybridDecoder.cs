using System.Numerics;

namespace ParallelR1.Data.Parquet;

/// <summary>The RLE / bit-packing hybrid of levels, dictionary indexes and booleans, one value at a time: a false run length costs nothing.</summary>
internal struct HybridDecoder(ReadOnlyMemory<byte> data, int bitWidth)
{
    private readonly ReadOnlyMemory<byte> _data = data;
    private int _position;
    private long _run;
    private uint _value;
    private long _packedBit = -1;

    /// <summary>Bits that hold 0 .. <paramref name="max"/>.</summary>
    public static int WidthOf(int max) => 32 - BitOperations.LeadingZeroCount((uint)max);

    public uint Next()
    {
        if (bitWidth == 0)
            return 0;
        while (_run == 0)
            StartRun();
        _run--;
        return _packedBit < 0 ? _value : NextPacked();
    }

    private void StartRun()
    {
        var head = ReadVarint();
        if ((head & 1) == 1)
        {
            _run = (long)(head >> 1) * 8;
            _packedBit = (long)_position * 8;
            // Writers may cut the last group short: what is missing is noticed when it is asked for.
            _position = (int)Math.Min(_data.Length, _position + (long)(head >> 1) * bitWidth);
            return;
        }

        _run = head >> 1;
        _packedBit = -1;
        _value = 0;
        var bytes = (bitWidth + 7) / 8;
        for (var i = 0; i < bytes; i++)
            _value |= (uint)ReadByte() << (8 * i);
    }

    private uint NextPacked()
    {
        var data = _data.Span;
        ulong bits = 0;
        var first = (int)(_packedBit >> 3);
        var shift = (int)(_packedBit & 7);
        var bytes = (shift + bitWidth + 7) / 8;
        if (first + bytes > data.Length)
            throw new InputException("a page ends in the middle of a bit-packed run");
        for (var i = 0; i < bytes; i++)
            bits |= (ulong)data[first + i] << (8 * i);
        _packedBit += bitWidth;
        return (uint)((bits >> shift) & ((1UL << bitWidth) - 1));
    }

    private uint ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value <= uint.MaxValue ? (uint)value : throw new InputException("a page is damaged: a run of more than 2³¹ values");
        }

        throw new InputException("a page is damaged: a run length of more than 32 bits");
    }

    private byte ReadByte() =>
        _position < _data.Length ? _data.Span[_position++] : throw new InputException("a page ends in the middle of its levels or indexes");
}
