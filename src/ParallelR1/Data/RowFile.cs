using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using ParallelR1.Data.Parquet;
using ParallelR1.IO;

namespace ParallelR1.Data;

/// <summary>Reads the rows of a Parquet or JSON Lines file or pipe; the format is detected from the first bytes.</summary>
public static class RowFile
{
    private const int MagicLength = 4;

    /// <summary>Reads the rows one by one.</summary>
    /// <param name="path">A file or pipe; <c>-</c> is standard input.</param>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">The file is damaged; the message names it and the row or line.</exception>
    public static IEnumerable<JsonObject> Read(string path) => Rows(path).Select(r => r.Value);

    /// <summary>Counts the rows of a file: from the footer of a Parquet file, or the lines.</summary>
    /// <inheritdoc cref="Read"/>
    public static long Count(string path)
    {
        if (!ParquetReader.IsParquet(path))
            return JsonLines.ReadText(path).LongCount();
        using var reader = ParquetReader.Open(path);
        return reader.RowCount;
    }

    /// <summary>Returns whether a file can be read more than once; a pipe cannot.</summary>
    internal static bool IsRepeatable(string path)
    {
        using var stream = LineReader.Open(path);
        return stream.CanSeek;
    }

    /// <summary>Reads the rows with their places: <c>file:line</c>, or <c>file: row N</c> of a Parquet file.</summary>
    /// <param name="path">A file or pipe; <c>-</c> is standard input.</param>
    /// <param name="bad">Called for each line that is not a JSON object, which is then skipped; null to throw instead. A damaged Parquet file always throws.</param>
    internal static IEnumerable<(string Place, JsonObject Value)> Rows(string path, Action<InputException>? bad = null)
    {
        if (Directory.Exists(path))
            throw new UsageException($"{path} is a folder; name a JSONL or Parquet file in it");
        return RowsCore(path, bad);
    }

    private static IEnumerable<(string Place, JsonObject Value)> RowsCore(string path, Action<InputException>? bad)
    {
        using Stream file = path == "-" ? HostProcess.OpenInput() : LineReader.Open(path);
        // A pipe can be read only once: the first bytes are peeked at and kept.
        var pipe = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        using var stream = pipe.AsStream();
        if (IsParquet(pipe))
        {
            using var spooled = file.CanSeek ? null : TemporaryCopy.Of(stream);
            long number = 0;
            foreach (var row in ParquetReader.ReadRows(spooled?.Path ?? path, path))
                yield return ($"{path}: row {number++}", row);
            yield break;
        }

        foreach (var (line, utf8) in LineReader.Read(stream, path))
        {
            if (Parse(path, line, utf8, bad) is { } value)
                yield return ($"{path}:{line}", value);
        }
    }

    private static bool IsParquet(PipeReader pipe)
    {
        var head = pipe.ReadAtLeastAsync(MagicLength).AsTask().GetAwaiter().GetResult().Buffer;
        var isParquet = head.Length >= MagicLength && ParquetReader.IsMagic(head.Slice(0, MagicLength).ToArray());
        pipe.AdvanceTo(head.Start);
        return isParquet;
    }

    private static JsonObject? Parse(string path, int line, ReadOnlyMemory<byte> utf8, Action<InputException>? bad)
    {
        try
        {
            return JsonLines.Parse(path, line, utf8.Span);
        }
        catch (InputException e) when (bad is not null)
        {
            bad(e);
            return null;
        }
    }
}
