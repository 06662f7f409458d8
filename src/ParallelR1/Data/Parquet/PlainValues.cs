using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace ParallelR1.Data.Parquet;

/// <summary>Values one after the other, turned into what rows hold: booleans, numbers and strings.</summary>
/// <remarks>
/// Dates and times become ISO 8601 text, UUIDs their usual text, decimals a <see cref="BigInteger"/> or the text of the number,
/// bytes without an annotation text where they are UTF-8 and base 64 otherwise.
/// </remarks>
internal sealed class PlainValues(ReadOnlyMemory<byte> data, Column column) : IValueSource
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private int _position;
    private int _bit;

    public object Next() => column.Type switch
    {
        PhysicalType.Boolean => NextBit(),
        PhysicalType.Int32 => FromInteger(BinaryPrimitives.ReadInt32LittleEndian(Take(4)), isInt32: true),
        PhysicalType.Int64 => FromInteger(BinaryPrimitives.ReadInt64LittleEndian(Take(8)), isInt32: false),
        PhysicalType.Float => BinaryPrimitives.ReadSingleLittleEndian(Take(4)),
        PhysicalType.Double => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
        PhysicalType.ByteArray => FromBytes(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4)))),
        PhysicalType.FixedLenByteArray => FromBytes(Take(column.TypeLength)),
        _ => throw new InputException($"column '{column.Path}' has type {column.Type}, which is not read"),
    };

    /// <summary>All of a dictionary page.</summary>
    public object[] ReadAll(int count)
    {
        var smallest = column.Type switch
        {
            PhysicalType.Boolean => 0,
            PhysicalType.Int64 or PhysicalType.Double => 8,
            PhysicalType.Int96 => 12,
            PhysicalType.FixedLenByteArray => column.TypeLength,
            _ => 4,
        };
        if ((long)count * Math.Max(smallest, 1) > data.Length)
            throw new InputException($"the dictionary of column '{column.Path}' claims {count:N0} values in {data.Length:N0} bytes");
        var values = new object[count];
        for (var i = 0; i < count; i++)
            values[i] = Next();
        return values;
    }

    private object NextBit()
    {
        if (_position >= data.Length)
            throw Ended();
        var bit = (data.Span[_position] >> _bit) & 1;
        _bit = (_bit + 1) & 7;
        _position += _bit == 0 ? 1 : 0;
        return bit != 0;
    }

    private object FromInteger(long value, bool isInt32) => column.Annotation switch
    {
        Annotation.Unsigned => isInt32 ? (long)(uint)value : (object)(ulong)value,
        Annotation.Decimal => Scaled(value),
        Annotation.Date => Time.Date(value, column.Path),
        Annotation.TimeMillis => Time.OfDay(value, 1_000, column.Path),
        Annotation.TimeMicros => Time.OfDay(value, 1_000_000, column.Path),
        Annotation.TimeNanos => Time.OfDay(value, 1_000_000_000, column.Path),
        Annotation.TimestampMillis => Time.Stamp(value, 1_000, column.Path),
        Annotation.TimestampMicros => Time.Stamp(value, 1_000_000, column.Path),
        Annotation.TimestampNanos => Time.Stamp(value, 1_000_000_000, column.Path),
        _ => value,
    };

    private object FromBytes(ReadOnlySpan<byte> bytes) => column.Annotation switch
    {
        Annotation.Text => Text(bytes) ?? throw new InputException($"column '{column.Path}' holds text that is not UTF-8"),
        Annotation.Decimal => Scaled(new BigInteger(bytes, isBigEndian: true)),
        Annotation.Uuid when bytes.Length == 16 => new Guid(bytes, bigEndian: true).ToString(),
        Annotation.Float16 when bytes.Length == 2 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        Annotation.Bytes => Convert.ToBase64String(bytes),
        _ => Text(bytes) ?? Convert.ToBase64String(bytes),
    };

    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>A decimal as the text of its number, so that no digit is lost.</summary>
    private object Scaled(BigInteger value)
    {
        if (column.Scale is < 0 or > 1000)
            throw new InputException($"column '{column.Path}' claims {column.Scale} digits after the point");
        if (column.Scale == 0 && value >= long.MinValue && value <= long.MaxValue)
            return (long)value;
        // A decimal of the format has few digits; printing a huge one takes quadratic time.
        if (value.GetByteCount() > 1024)
            throw new InputException($"column '{column.Path}' holds a decimal of {value.GetByteCount()} bytes");
        var digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(column.Scale + 1, '0');
        var text = column.Scale == 0 ? digits : $"{digits[..^column.Scale]}.{digits[^column.Scale..]}";
        return value.Sign < 0 ? $"-{text}" : text;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > data.Length - _position)
            throw Ended();
        var bytes = data.Span.Slice(_position, count);
        _position += count;
        return bytes;
    }

    private InputException Ended() => new($"a page of column '{column.Path}' ends in the middle of its values");
}
