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
}
