namespace ParallelR1.IO;

/// <summary>Reads a file line by line as bytes, so that invalid UTF-8 can be detected and attributed to its line.</summary>
internal static class LineReader
{
    private const int MostBytes = 1 << 30;

    /// <summary>The lines that are not blank with their numbers (from 1), without line feed and byte-order mark. The bytes are valid until the next line is asked for.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">A line is too long.</exception>
    public static IEnumerable<(int Line, ReadOnlyMemory<byte> Utf8)> Read(string path)
    {
        using var stream = Open(path);
        foreach (var line in Read(stream, path))
            yield return line;
    }

    /// <summary>Opens a file, or a pipe, for reading.</summary>
    /// <exception cref="UsageException">It does not exist.</exception>
    public static FileStream Open(string path) => File.Exists(path)
        ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1)
        : throw new UsageException(Directory.Exists(path) ? $"{path}: is a folder, expected a file" : $"{path}: no such file");

    /// <summary>Reads the lines of a stream, which stays open.</summary>
    /// <param name="stream">The stream to read.</param>
    /// <param name="name">Name of the stream in error messages.</param>
    /// <exception cref="InputException">A line is too long.</exception>
    public static IEnumerable<(int Line, ReadOnlyMemory<byte> Utf8)> Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = new byte[1 << 16];
        int start = 0, end = 0, line = 0;
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length < 0)
            {
                (buffer, end) = MakeRoom(buffer, start, end);
                start = 0;
                if (end == MostBytes)
                    throw new InputException($"{name}:{line + 1}: the line is longer than {MostBytes} bytes; are these JSON Lines?");
                var read = stream.Read(buffer, end, buffer.Length - end);
                end += read;
                if (read > 0)
                    continue;
                if (end > 0 && Content(buffer, 0, end, line == 0) is { Length: > 0 } last)
                    yield return (line + 1, last);
                yield break;
            }

            if (Content(buffer, start, length, line++ == 0) is { Length: > 0 } content)
                yield return (line, content);
            start += length + 1;
        }
    }

    /// <summary>Moves what is unread to the front of a buffer that has room behind it.</summary>
    private static (byte[] Buffer, int End) MakeRoom(byte[] buffer, int start, int end)
    {
        var target = end - start > buffer.Length / 2 ? new byte[Math.Min(MostBytes, 2L * buffer.Length)] : buffer;
        Buffer.BlockCopy(buffer, start, target, 0, end - start);
        return (target, end - start);
    }

    private static ReadOnlyMemory<byte> Content(byte[] buffer, int start, int length, bool first)
    {
        var line = buffer.AsMemory(start, length);
        if (first && line.Span.StartsWith("\uFEFF"u8))
            line = line[3..];
        return line.Span.IndexOfAnyExcept(" \t\r"u8) < 0 ? default : line;
    }
}
