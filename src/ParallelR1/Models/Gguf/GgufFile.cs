namespace ParallelR1.Models.Gguf;

/// <summary>A memory-mapped GGUF file (version 2 or 3, little-endian), with its header checked in full.</summary>
internal sealed class GgufFile : IDisposable
{
    private const uint Magic = 0x46554747;
    private const long MaxAlignment = 1 << 20;
    private readonly MappedFile _map;
    private readonly Dictionary<string, object> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GgufTensor> _tensors = new(StringComparer.Ordinal);
    private long _dataStart;

    private GgufFile(string path, MappedFile map)
    {
        Path = path;
        _map = map;
    }

    public string Path { get; }

    public IReadOnlyDictionary<string, object> Metadata => _metadata;

    public IReadOnlyCollection<GgufTensor> Tensors => _tensors.Values;

    public static GgufFile Open(string path)
    {
        var file = new GgufFile(path, new MappedFile(path));
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public GgufTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>Gets the stored bytes of one row of a tensor.</summary>
    public ReadOnlySpan<byte> Row(GgufTensor tensor, long row) =>
        _map.Span(_dataStart + tensor.Offset + row * tensor.RowBytes, tensor.RowBytes);

    public void Dispose() => _map.Dispose();

    private void ReadHeader()
    {
        var cursor = new GgufCursor(Path, _map);
        if (cursor.UInt32() != Magic)
            throw cursor.Error("is no GGUF file (its first four bytes are not 'GGUF')");
        var version = cursor.UInt32();
        if (version is not (2 or 3))
            throw cursor.Error($"has GGUF version {version}{((version & 0xFFFF) == 0 ? " (big-endian?)" : "")}; 2 and 3 are supported");
        var tensors = cursor.Count("tensors", 24);
        var entries = cursor.Count("metadata entries", 13);
        for (long i = 0; i < entries; i++)
        {
            var key = cursor.Text("a metadata key", ushort.MaxValue);
            if (!_metadata.TryAdd(key, cursor.Value(key)))
                throw cursor.Error($"has the metadata key '{key}' twice");
        }

        for (long i = 0; i < tensors; i++)
        {
            var tensor = ReadTensor(cursor);
            if (!_tensors.TryAdd(tensor.Name, tensor))
                throw cursor.Error($"has the tensor '{tensor.Name}' twice");
        }

        var alignment = Alignment(cursor);
        _dataStart = (cursor.Position + alignment - 1) / alignment * alignment;
        CheckData(cursor, alignment);
    }

    private long Alignment(GgufCursor cursor)
    {
        if (!_metadata.TryGetValue("general.alignment", out var value))
            return 32;
        return value is long alignment and > 0 and <= MaxAlignment && (alignment & (alignment - 1)) == 0
            ? alignment
            : throw cursor.Error($"general.alignment: expected a power of two up to {MaxAlignment}, found {value}");
    }

    private static GgufTensor ReadTensor(GgufCursor cursor)
    {
        var name = cursor.Text("a tensor name", ushort.MaxValue);
        var rank = cursor.UInt32();
        if (rank is 0 or > 4)
            throw cursor.Error($"tensor '{name}' has {rank} dimensions; 1 to 4 are possible");
        var shape = new long[rank];
        UInt128 count = 1;
        for (var i = 0; i < rank; i++)
        {
            var size = cursor.UInt64();
            count *= size;
            if (size == 0 || count > long.MaxValue / 8)
                throw cursor.Error($"tensor '{name}' has an impossible shape");
            shape[rank - 1 - i] = (long)size;
        }

        var number = cursor.UInt32();
        var offset = cursor.UInt64();
        if (offset > long.MaxValue)
            throw cursor.Error($"tensor '{name}' has the impossible offset {offset}");
        var type = GgufTypes.Parse(cursor, number, name);
        var (elements, bytes) = type.Block();
        if (shape[^1] % elements != 0)
            throw cursor.Error($"tensor '{name}' has rows of {shape[^1]} elements; type {type} needs multiples of {elements}");
        return new GgufTensor(name, type, shape, (long)offset, checked((long)count / elements * bytes));
    }

    private void CheckData(GgufCursor cursor, long alignment)
    {
        long at = 0, size = Math.Max(0, _map.Length - _dataStart);
        foreach (var tensor in _tensors.Values.OrderBy(t => t.Offset))
        {
            if (tensor.Offset % alignment != 0)
                throw cursor.Error($"tensor '{tensor.Name}' begins at byte {tensor.Offset}, which is no multiple of the alignment {alignment}");
            if (tensor.Offset < at)
                throw cursor.Error($"tensor '{tensor.Name}' begins at byte {tensor.Offset}, inside the tensor before it");
            if (tensor.Length > size || tensor.Offset > size - tensor.Length)
                throw cursor.Error($"tensor '{tensor.Name}' {tensor.ShapeText} {tensor.Type} ends beyond the end of the file; was the download cut off?");
            at = tensor.Offset + tensor.Length;
        }
    }
}

/// <summary>A tensor of a GGUF file. The shape is row-major, as in checkpoints (the file lists the sizes in reverse order).</summary>
internal sealed record GgufTensor(string Name, GgufType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    public long RowLength => Shape.Count == 0 ? 1 : Shape[^1];

    public long Rows => Shape.SkipLast(1).Aggregate(1L, (a, b) => a * b);

    public int RowBytes => checked((int)(RowLength / Type.Block().Elements * Type.Block().Bytes));

    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
