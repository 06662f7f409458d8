namespace ParallelR1.Models;

/// <summary>
/// A memory-mapped safetensors file. Its header is checked in full when it is opened; spans and pointers into the data are valid
/// until the file is disposed.
/// </summary>
internal sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly MappedFile _map;
    private readonly SafetensorsTable _table;
    private readonly long _dataStart;

    private SafetensorsFile(string path, MappedFile map)
    {
        Path = path;
        _map = map;
        var length = SafetensorsHeader.Length(path, map.Span(0, Math.Min(8, map.Length)), map.Length);
        _dataStart = 8 + (long)length;
        _table = SafetensorsHeader.Parse(path, map.Span(8, length), map.Length - _dataStart);
        Tensors = [.. _table.Located.Values.OrderBy(t => t.Offset).ThenBy(t => t.Entry.Name, StringComparer.Ordinal).Select(t => t.Entry)];
    }

    /// <summary>Gets the file's path as given.</summary>
    public string Path { get; }

    /// <summary>Gets all tensors in the order of their data.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>Gets the header's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _table.Metadata;

    /// <summary>Maps a file and checks its header.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">The file is truncated, too large, or inconsistent.</exception>
    public static SafetensorsFile Open(string path)
    {
        var map = new MappedFile(path);
        try
        {
            return new SafetensorsFile(path, map);
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>Finds a tensor by name.</summary>
    public bool TryGet(string name, out TensorEntry entry)
    {
        var found = _table.Located.TryGetValue(name, out var located);
        entry = located.Entry;
        return found;
    }

    /// <summary>Gets a tensor by name.</summary>
    /// <exception cref="InputException">There is no such tensor.</exception>
    public TensorEntry this[string name] => Find(name).Entry;

    /// <summary>Gets a tensor's bytes (little-endian, row-major), at most 2 GiB; for larger ones use <see cref="Pointer"/> or the other overload.</summary>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var tensor = Find(name);
        return _map.Span(_dataStart + tensor.Offset, tensor.Length);
    }

    /// <summary>Gets a part of a tensor's bytes.</summary>
    public ReadOnlySpan<byte> Bytes(string name, long offset, int length)
    {
        var tensor = Find(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, tensor.Length - offset);
        return _map.Span(_dataStart + tensor.Offset + offset, length);
    }

    /// <summary>Gets the address of a tensor's bytes, valid until the file is disposed.</summary>
    public byte* Pointer(string name)
    {
        var tensor = Find(name);
        return _map.Pointer(_dataStart + tensor.Offset, tensor.Length);
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _map.Dispose();

    private LocatedTensor Find(string name) => _table.Located.TryGetValue(name, out var tensor)
        ? tensor
        : throw new InputException($"{Path}: has no tensor '{name}'");
}
