using System.Text.Json.Nodes;
using ParallelR1.Data.Parquet;
using ParallelR1.IO;

namespace ParallelR1.Data;

/// <summary>The rows of a table file, whatever it is: Parquet (known by its first bytes) or JSON Lines.</summary>
public static class RowFile
{
    /// <summary>The rows, one by one.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">The file is damaged; names it and the row or line.</exception>
    public static IEnumerable<JsonObject> Read(string path)
    {
        if (Directory.Exists(path))
            throw new UsageException($"{path} is a folder; name a JSONL or Parquet file in it");
        return ParquetReader.IsParquet(path) ? ParquetReader.ReadRows(path) : JsonLines.Read(path).Select(l => l.Value);
    }

    /// <summary>How many rows a file has: what the footer says, or the number of lines.</summary>
    /// <inheritdoc cref="Read"/>
    public static long Count(string path)
    {
        if (!ParquetReader.IsParquet(path))
            return JsonLines.ReadText(path).LongCount();
        using var reader = ParquetReader.Open(path);
        return reader.RowCount;
    }
}
