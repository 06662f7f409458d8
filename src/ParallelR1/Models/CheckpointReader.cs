namespace ParallelR1.Models;

/// <summary>
/// The tensors of a checkpoint: one <c>model.safetensors</c>, or shards with <c>model.safetensors.index.json</c>, or a single
/// safetensors file. Mapped, not read; spans and pointers are valid until the reader is disposed.
/// </summary>
public sealed unsafe class CheckpointReader : IDisposable
{
    internal const string SingleName = "model.safetensors";
    internal const string IndexName = "model.safetensors.index.json";
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, SafetensorsFile> _owners = new(StringComparer.Ordinal);

    private CheckpointReader(string path) => Path = path;

    /// <summary>The folder or file as it was given.</summary>
    public string Path { get; }

    /// <summary>All tensors, file by file, in the order of their data.</summary>
    public IEnumerable<TensorEntry> Tensors => _files.SelectMany(f => f.Tensors);

    /// <summary>The files that hold the tensors.</summary>
    public IReadOnlyList<string> Files => [.. _files.Select(f => f.Path)];

    /// <summary>Maps the checkpoint in a folder (or one safetensors file) and checks all headers.</summary>
    /// <exception cref="UsageException">There is no checkpoint.</exception>
    /// <exception cref="InputException">It is damaged: a missing shard, a name in two shards, a name that its shard lacks, a bad header.</exception>
    public static CheckpointReader Open(string path)
    {
        var reader = new CheckpointReader(path);
        try
        {
            reader.OpenFiles();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _owners.ContainsKey(name);

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public TensorEntry this[string name] => Owner(name)[name];

    /// <summary>A tensor's bytes, at most 2 GiB.</summary>
    public ReadOnlySpan<byte> Bytes(string name) => Owner(name).Bytes(name);

    /// <summary>A part of a tensor's bytes.</summary>
    public ReadOnlySpan<byte> Bytes(string name, long offset, int length) => Owner(name).Bytes(name, offset, length);

    /// <summary>The address of a tensor's bytes.</summary>
    public byte* Pointer(string name) => Owner(name).Pointer(name);

    /// <summary>A floating tensor's values as f32.</summary>
    public float[] ReadFloats(string name)
    {
        var entry = this[name];
        var values = new float[checked((int)entry.Count)];
        FloatConversion.ToSingle(Bytes(name), entry.DType, values);
        return values;
    }

    /// <summary>A tensor to be written elsewhere, byte for byte as it is here. Valid until the reader is disposed.</summary>
    public TensorSource Copy(string name)
    {
        var entry = this[name];
        return new TensorSource(entry, stream =>
        {
            const int Chunk = 1 << 24;
            for (long at = 0; at < entry.ByteCount; at += Chunk)
                stream.Write(Bytes(name, at, (int)Math.Min(Chunk, entry.ByteCount - at)));
        });
    }

    /// <summary>
    /// Compares the tensors with what a config asks for: names and shapes. A head that is stored although it is tied to the
    /// embedding, and rotary buffers of old checkpoints, are passed over.
    /// </summary>
    /// <exception cref="InputException">A tensor is missing, is of another shape, or does not belong to such a model.</exception>
    public void CheckAgainst(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, shape) in config.Tensors())
        {
            known.Add(name);
            if (!_owners.TryGetValue(name, out var owner))
                throw new InputException($"{Path}: tensor '{name}' is missing; is config.json from another checkpoint?");
            var entry = owner[name];
            if (!entry.Shape.SequenceEqual(shape))
                throw new InputException($"{owner.Path}: tensor '{name}' is {entry.ShapeText}, the config says [{string.Join(", ", shape)}]; is config.json from another checkpoint?");
        }

        var stray = Tensors.FirstOrDefault(t => !known.Contains(t.Name)
            && t.Name != ModelTensors.Head && !t.Name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal));
        if (stray is not null)
            throw new InputException($"{Owner(stray.Name).Path}: tensor '{stray.Name}' does not belong to such a model; is config.json from another checkpoint?");
    }

    /// <summary>Unmaps all files.</summary>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private void OpenFiles()
    {
        if (File.Exists(Path))
        {
            Add(Path);
            return;
        }

        if (!Directory.Exists(Path))
            throw new UsageException($"{Path}: no such file or folder");
        var single = System.IO.Path.Combine(Path, SingleName);
        var index = System.IO.Path.Combine(Path, IndexName);
        if (File.Exists(single))
            Add(single);
        else if (File.Exists(index))
            OpenShards(index);
        else
            throw new UsageException($"{Path}: holds neither {SingleName} nor {IndexName}; is this the folder of a model?");
    }

    private void OpenShards(string index)
    {
        var map = ConfigObject.Read(index).Object("weight_map")
            ?? throw new InputException($"{index}: weight_map is missing");
        var names = new List<(string Name, string File)>();
        foreach (var name in map.Values.Select(v => v.Key))
        {
            var file = map.Text(name);
            if (string.IsNullOrEmpty(file) || file.AsSpan().IndexOfAny("/\\\0:") >= 0 || file is "." or "..")
                throw map.Error(name, $"expected the name of a file beside the index, found '{file}'");
            names.Add((name, file));
        }

        foreach (var file in names.Select(n => n.File).Distinct().Order(StringComparer.Ordinal))
        {
            var shard = System.IO.Path.Combine(Path, file);
            if (!File.Exists(shard))
                throw new InputException($"{index}: the shard {file} is missing; was the download cut off?");
            Add(shard);
        }

        foreach (var (name, file) in names)
        {
            if (!_owners.TryGetValue(name, out var owner) || System.IO.Path.GetFileName(owner.Path) != file)
                throw new InputException($"{index}: says that {file} holds '{name}', but it does not");
        }
    }

    private void Add(string path)
    {
        var file = SafetensorsFile.Open(path);
        _files.Add(file);
        foreach (var tensor in file.Tensors)
        {
            if (!_owners.TryAdd(tensor.Name, file))
                throw new InputException($"{path}: tensor '{tensor.Name}' is also in {_owners[tensor.Name].Path}; remove the shards of another checkpoint");
        }
    }

    private SafetensorsFile Owner(string name) => _owners.TryGetValue(name, out var file)
        ? file
        : throw new InputException($"{Path}: has no tensor '{name}'");
}
