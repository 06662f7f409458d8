using System.Buffers.Binary;
using System.Text;

namespace ParallelR1.Models.Gguf;

/// <summary>Reads a GGUF header sequentially; never allocates more than the file can hold.</summary>
internal sealed class GgufCursor(string path, MappedFile file)
{
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    public long Position { get; private set; }

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Reads a count of items, each at least <paramref name="size"/> bytes long; throws if that many do not fit into the rest of the file.</summary>
    public long Count(string what, int size)
    {
        var count = UInt64();
        return count <= (ulong)((file.Length - Position) / size)
            ? (long)count
            : throw Error($"it claims {count} {what}, more than fit into its {file.Length} bytes");
    }

    public string Text(string what, int limit = int.MaxValue)
    {
        var length = Count($"bytes of {what}", 1);
        if (length > limit)
            throw Error($"{what} of {length} bytes is above the limit of {limit}");
        try
        {
            return s_utf8.GetString(Take(length));
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{path}: {what} at byte {Position} is not valid UTF-8", e);
        }
    }

    /// <summary>Reads a metadata value: a long, double, bool or string, or an array of one of these types.</summary>
    public object Value(string key)
    {
        var type = UInt32();
        return type == 9 ? Array(key) : Scalar(key, type);
    }

    public InputException Error(string message) => new($"{path}: {message}");

    private object Array(string key)
    {
        var type = UInt32();
        if (type == 8)
            return Texts(key, Count($"strings in {key}", 8));
        if (type == 9)
            throw Error($"{key} is an array of arrays, which is not supported");
        var count = Count($"values in {key}", Size(key, type));
        switch (type)
        {
            case 6 or 12:
                var reals = new double[count];
                for (long i = 0; i < count; i++)
                    reals[i] = (double)Scalar(key, type);
                return reals;
            case 7:
                var flags = new bool[count];
                for (long i = 0; i < count; i++)
                    flags[i] = (bool)Scalar(key, type);
                return flags;
            default:
                var numbers = new long[count];
                for (long i = 0; i < count; i++)
                    numbers[i] = Integer(key, type);
                return numbers;
        }
    }

    private string[] Texts(string key, long count)
    {
        var texts = new string[count];
        for (long i = 0; i < count; i++)
            texts[i] = Text(key);
        return texts;
    }

    private object Scalar(string key, uint type) => type switch
    {
        6 => (double)BinaryPrimitives.ReadSingleLittleEndian(Take(4)),
        12 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
        7 => Take(1)[0] != 0,
        8 => Text(key),
        _ => Integer(key, type),
    };

    private long Integer(string key, uint type) => type switch
    {
        0 => Take(1)[0],
        1 => (sbyte)Take(1)[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
        3 => BinaryPrimitives.ReadInt16LittleEndian(Take(2)),
        4 => UInt32(),
        5 => BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
        10 => (long)Math.Min(UInt64(), long.MaxValue),
        11 => BinaryPrimitives.ReadInt64LittleEndian(Take(8)),
        _ => throw Error($"{key} has the unknown type {type}"),
    };

    private int Size(string key, uint type) => type switch
    {
        0 or 1 or 7 => 1,
        2 or 3 => 2,
        4 or 5 or 6 => 4,
        10 or 11 or 12 => 8,
        _ => throw Error($"{key} has the unknown type {type}"),
    };

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length > file.Length - Position)
            throw Error($"it ends at byte {file.Length} in the middle of its header; was the download cut off?");
        var span = file.Span(Position, length);
        Position += length;
        return span;
    }
}
