using System.Text.Json;
using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>Writes the tensors of a model folder: one <c>model.safetensors</c>, or several shards with an index.</summary>
internal static class CheckpointWriter
{
    /// <summary>Default maximum number of data bytes of a shard, as in Hugging Face libraries.</summary>
    public const long DefaultShardBytes = 5_000_000_000;

    /// <summary>Writes the tensors into an existing folder and removes files of an earlier checkpoint that no longer belong to it.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="tensors">The tensors; a tensor larger than a shard gets its own.</param>
    /// <param name="shardBytes">Maximum number of data bytes of a shard.</param>
    public static void Write(string folder, IEnumerable<TensorSource> tensors, long shardBytes = DefaultShardBytes)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardBytes);
        var shards = Cut(tensors, shardBytes);
        var written = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < shards.Count; i++)
        {
            var name = shards.Count == 1 ? CheckpointReader.SingleName : ShardName(i, shards.Count);
            SafetensorsWriter.Write(Path.Combine(folder, name), shards[i]);
            written.Add(name);
        }

        if (shards.Count > 1)
        {
            WriteIndex(Path.Combine(folder, CheckpointReader.IndexName), shards);
            written.Add(CheckpointReader.IndexName);
        }

        RemoveStale(folder, written);
    }

    private static string ShardName(int index, int count) => $"model-{index + 1:D5}-of-{count:D5}.safetensors";

    private static List<List<TensorSource>> Cut(IEnumerable<TensorSource> tensors, long shardBytes)
    {
        var shards = new List<List<TensorSource>> { new() };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        long size = 0;
        foreach (var tensor in tensors)
        {
            if (!seen.Add(tensor.Entry.Name))
                throw new ArgumentException($"tensor '{tensor.Entry.Name}' is given twice", nameof(tensors));
            if (shards[^1].Count > 0 && size + tensor.Entry.ByteCount > shardBytes)
            {
                shards.Add([]);
                size = 0;
            }

            shards[^1].Add(tensor);
            size += tensor.Entry.ByteCount;
        }

        return shards;
    }

    private static void WriteIndex(string path, List<List<TensorSource>> shards) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteNumber("total_size", shards.Sum(s => s.Sum(t => t.Entry.ByteCount)));
        json.WriteEndObject();
        json.WriteStartObject("weight_map");
        var names = shards.SelectMany((shard, i) => shard.Select(t => (t.Entry.Name, File: ShardName(i, shards.Count))));
        foreach (var (name, file) in names.OrderBy(n => n.Name, StringComparer.Ordinal))
            json.WriteString(name, file);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void RemoveStale(string folder, HashSet<string> written)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "model*.safetensors*"))
        {
            var name = Path.GetFileName(path);
            var ours = name is CheckpointReader.SingleName or CheckpointReader.IndexName || (name.StartsWith("model-", StringComparison.Ordinal) && name.EndsWith(".safetensors", StringComparison.Ordinal));
            if (ours && !written.Contains(name))
                File.Delete(path);
        }
    }
}
