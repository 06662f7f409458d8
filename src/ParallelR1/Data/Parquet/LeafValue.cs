using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using ParquetSharp;

namespace ParallelR1.Data.Parquet;

/// <summary>Converts stored values to those of rows: Booleans, numbers and strings.</summary>
/// <remarks>
/// Dates and times become ISO 8601 text, UUIDs their usual text, decimals a number or its text; bytes without an annotation become text if
/// they are UTF-8, and base64 otherwise.
/// </remarks>
internal static class LeafValue
{
    private const long NanosPerSecond = 1_000_000_000;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static object From(int value, LeafColumn column) =>
        column.Annotation == Annotation.Unsigned ? (long)(uint)value : FromInteger(value, column);

    public static object From(long value, LeafColumn column) =>
        column.Annotation == Annotation.Unsigned ? (ulong)value : FromInteger(value, column);

    /// <summary>Reads a 12-byte timestamp as written by Spark and Impala: nanoseconds of the day, then the Julian day.</summary>
    public static object From(Int96 value, LeafColumn column)
    {
        var nanos = (uint)value.A | ((long)value.B << 32);
        return Time.Julian(value.C, nanos, column.Path);
    }

    public static unsafe object From(ByteArray value, LeafColumn column) =>
        FromBytes(new ReadOnlySpan<byte>((void*)value.Pointer, value.Length), column);

    public static unsafe object From(FixedLenByteArray value, LeafColumn column) =>
        FromBytes(new ReadOnlySpan<byte>((void*)value.Pointer, column.TypeLength), column);

    private static object FromInteger(long value, LeafColumn column) => column.Annotation switch
    {
        Annotation.Decimal => Scaled(value, column),
        Annotation.Date => Time.Date(value, column.Path),
        Annotation.TimeMillis => Time.OfDay(value, 1_000, column.Path),
        Annotation.TimeMicros => Time.OfDay(value, 1_000_000, column.Path),
        Annotation.TimeNanos => Time.OfDay(value, NanosPerSecond, column.Path),
        Annotation.TimestampMillis => Time.Stamp(value, 1_000, column.Path),
        Annotation.TimestampMicros => Time.Stamp(value, 1_000_000, column.Path),
        Annotation.TimestampNanos => Time.Stamp(value, NanosPerSecond, column.Path),
        _ => value,
    };

    private static object FromBytes(ReadOnlySpan<byte> bytes, LeafColumn column) => column.Annotation switch
    {
        Annotation.Text => Text(bytes) ?? throw new InputException($"column '{column.Path}' holds text that is not UTF-8"),
        Annotation.Decimal => Scaled(Integer(bytes, column), column),
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

    // Real decimals have few digits; formatting a huge one takes quadratic time.
    private static BigInteger Integer(ReadOnlySpan<byte> bytes, LeafColumn column) => bytes.Length <= 1024
        ? new BigInteger(bytes, isBigEndian: true)
        : throw new InputException($"column '{column.Path}' holds a decimal of {bytes.Length} bytes");

    /// <summary>Formats a decimal without loss of digits.</summary>
    private static object Scaled(BigInteger value, LeafColumn column)
    {
        if (column.Scale is < 0 or > 1000)
            throw new InputException($"column '{column.Path}' claims {column.Scale} digits after the point");
        if (column.Scale == 0 && value >= long.MinValue && value <= long.MaxValue)
            return (long)value;
        var digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(column.Scale + 1, '0');
        var text = column.Scale == 0 ? digits : $"{digits[..^column.Scale]}.{digits[^column.Scale..]}";
        return value.Sign < 0 ? $"-{text}" : text;
    }
}
