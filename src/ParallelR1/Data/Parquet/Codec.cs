using System.IO.Compression;

namespace ParallelR1.Data.Parquet;

/// <summary>Decompression of pages; what is not read is refused by the codec's name.</summary>
internal static class Codec
{
    public const int Uncompressed = 0;
    public const int Snappy = 1;
    public const int Gzip = 2;

    private const int MaxPage = 1 << 29;

    private static readonly string[] Names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"];

    /// <exception cref="InputException">The codec is not read: names it and the column.</exception>
    public static void Check(int codec, string column)
    {
        if (codec is Uncompressed or Snappy or Gzip)
            return;
        var name = codec < Names.Length ? Names[codec] : $"number {codec}";
        throw new InputException($"column '{column}' is compressed with {name}, which is not read; write the file with SNAPPY, GZIP or no compression");
    }

    public static byte[] Decompress(int codec, byte[] input, int offset, int expected)
    {
        var source = input.AsSpan(offset);
        if (expected > MaxPage && codec != Uncompressed)
            throw new InputException($"a page claims {expected:N0} bytes, more than the {MaxPage:N0} that are read");
        return codec switch
        {
            Uncompressed => source.Length == expected
                ? source.ToArray()
                : throw new InputException($"an uncompressed page has {source.Length:N0} bytes, its header says {expected:N0}"),
            Snappy => SnappyDecoder.Decode(source, expected),
            _ => Gunzip(input, offset, expected),
        };
    }

    // The buffer grows with what really comes out, so a false size costs nothing.
    private static byte[] Gunzip(byte[] input, int offset, int expected)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(input, offset, input.Length - offset, writable: false), CompressionMode.Decompress);
            var output = new byte[(int)Math.Min(expected, Math.Max(1 << 16, (input.Length - offset) * 4L))];
            var written = 0;
            while (true)
            {
                if (written == output.Length && output.Length < expected)
                    Array.Resize(ref output, (int)Math.Min(expected, output.Length * 2L));
                if (written == output.Length)
                    break;
                var read = gzip.Read(output, written, output.Length - written);
                if (read == 0)
                    throw new InputException($"the gzip data end after {written:N0} of {expected:N0} bytes");
                written += read;
            }

            return gzip.ReadByte() < 0 ? output : throw new InputException($"the gzip data hold more than the {expected:N0} bytes that the page header says");
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"the gzip data are damaged: {e.Message}", e);
        }
    }
}
