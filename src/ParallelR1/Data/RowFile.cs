using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using ParallelR1.Data.Parquet;
using ParallelR1.IO;

namespace ParallelR1.Data;

/// <summary>The rows of a table file, whatever it is: Parquet (known by its first bytes) or JSON Lines; also from a pipe.</summary>
public static class RowFile
{
    private const int MagicLength = 4;

    /// <summary>The rows, one by one.</summary>
    /// <param name="path">A file or pipe; <c>-</c> is standard input.</param>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">The file is damaged; names it and the row or line.</exception>
    public static IEnumerable<JsonObject> Read(string path) => Rows(path).Select(r => r.Value);

    /// <summary>How many rows a file has: what the footer says, or the number of lines.</summary>
    /// <inheritdoc cref="Read"/>
    public static long Count(string path)
    {
        if (!ParquetReader.IsParquet(path))
            return JsonLines.ReadText(path).LongCount();
        using var reader = ParquetReader.Open(path);
        return reader.RowCount;
    }

    /// <summary>Whether a file can be read more than once: a pipe cannot.</summary>
    internal static bool IsRepeatable(string path)
    {
        using var stream = LineReader.Open(path);
        return stream.CanSeek;
    }

    /// <summary>The rows with their places: <c>file:line</c>, or <c>file: row N</c> of a Parquet file.</summary>
    /// <param name="path">A file or pipe; <c>-</c> is standard input.</param>
    /// <param name="bad">Told of each line that is no JSON object, which is skipped then; null: it is an error. A damaged Parquet file always is.</param>
    internal static IEnumerable<(string Place, JsonObject Value)> Rows(string path, Action<InputException>? bad = null)
    {
        if (Directory.Exists(path))
            throw new UsageException($"{path} is a folder; name a JSONL or Parquet file in it");
        return RowsCore(path, bad);
    }

    private static IEnumerable<(string Place, JsonObject Value)> RowsCore(string path, Action<InputException>? bad)
    {
        using Stream file = path == "-" ? HostProcess.OpenInput() : LineReader.Open(path);
        // A pipe is read once only: the first bytes are looked at and stay.
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
