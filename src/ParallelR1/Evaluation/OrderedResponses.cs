using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Evaluation;

/// <summary>Writes lines in the order of their index, whatever the order in which they come, so that the file does not depend on scheduling.</summary>
internal sealed class OrderedResponses(string path) : IDisposable
{
    private readonly PendingFile _file = AtomicFile.Open(path);
    private readonly Dictionary<int, JsonObject> _waiting = [];
    private int _next;

    /// <summary>A file, and its folder where there is none yet.</summary>
    public static OrderedResponses Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new OrderedResponses(path);
    }

    public void Add(int index, JsonObject line)
    {
        _waiting.Add(index, line);
        while (_waiting.Remove(_next, out var ready))
        {
            JsonLines.Write(_file.Stream, ready);
            _next++;
        }
    }

    public void Commit() => _file.Commit();

    public void Dispose() => _file.Dispose();
}
