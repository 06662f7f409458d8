namespace ParallelR1.Data.Parquet;

/// <summary>Decompresses one Snappy block into exactly the expected number of bytes.</summary>
internal static class SnappyDecoder
{
    public static byte[] Decode(ReadOnlySpan<byte> input, int expected)
    {
        // The densest element is a copy: 3 bytes for 64.
        if (expected > (long)input.Length * 22 + 64)
            throw new InputException($"{input.Length:N0} Snappy bytes cannot hold the {expected:N0} bytes that the page header claims");
        var position = 0;
        var length = ReadLength(input, ref position);
        if (length != (uint)expected)
            throw new InputException($"the Snappy block holds {length:N0} bytes, the page header says {expected:N0}");
        var output = new byte[expected];
        var written = 0;
        while (position < input.Length)
        {
            var tag = input[position++];
            if ((tag & 3) == 0)
            {
                var count = ReadLiteralLength(input, tag >> 2, ref position);
                if (count > input.Length - position || count > expected - written)
                    throw Damaged();
                input.Slice(position, (int)count).CopyTo(output.AsSpan(written));
                position += (int)count;
                written += (int)count;
            }
            else
            {
                written = Copy(input, tag, ref position, output, written);
            }
        }

        return written == expected ? output : throw new InputException($"the Snappy block ends after {written:N0} of {expected:N0} bytes");
    }

    private static int Copy(ReadOnlySpan<byte> input, byte tag, ref int position, byte[] output, int written)
    {
        var bytes = (tag & 3) == 1 ? 1 : (tag & 3) == 2 ? 2 : 4;
        var offset = ReadLittleEndian(input, bytes, ref position);
        var count = (tag >> 2) + 1;
        if (bytes == 1)
        {
            offset |= (uint)(tag >> 5) << 8;
            count = ((tag >> 2) & 7) + 4;
        }

        if (offset == 0 || offset > (uint)written || count > output.Length - written)
            throw Damaged();
        // Source and target may overlap: then the copied bytes repeat.
        var source = written - (int)offset;
        for (var i = 0; i < count; i++)
            output[written + i] = output[source + i];
        return written + count;
    }

    private static uint ReadLength(ReadOnlySpan<byte> input, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; shift < 35 && position < input.Length; shift += 7)
        {
            var next = input[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80 && value <= uint.MaxValue)
                return (uint)value;
        }

        throw Damaged();
    }

    private static long ReadLiteralLength(ReadOnlySpan<byte> input, int code, ref int position) =>
        code < 60 ? code + 1 : (long)ReadLittleEndian(input, code - 59, ref position) + 1;

    private static uint ReadLittleEndian(ReadOnlySpan<byte> input, int bytes, ref int position)
    {
        if (bytes > input.Length - position)
            throw Damaged();
        uint value = 0;
        for (var i = 0; i < bytes; i++)
            value |= (uint)input[position++] << (8 * i);
        return value;
    }

    private static InputException Damaged() => new("the Snappy block is damaged");
}
