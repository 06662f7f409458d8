using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>
/// Reads the tensors of a checkpoint: one <c>model.safetensors</c>, or shards with <c>model.safetensors.index.json</c>, or a single
/// safetensors file. The files are memory-mapped; spans and pointers are valid until the reader is disposed.
/// </summary>
internal sealed unsafe class CheckpointReader : IDisposable
{
    internal const string SingleName = "model.safetensors";
    internal const string IndexName = "model.safetensors.index.json";
    private static readonly string[] s_bare = ["embed_tokens.", "layers.", "norm."];
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>Names that the index lists and no shard holds.</summary>
    private readonly HashSet<string> _promised = new(StringComparer.Ordinal);

    private bool _ofFolder;

    private CheckpointReader(string path) => Path = path;

    /// <summary>The folder or file as given.</summary>
    public string Path { get; }

    /// <summary>
    /// Gets all tensors, file by file, in the order of their data. In a folder, names without the prefix <c>model.</c> (from a checkpoint of the
    /// decoder without a head) get the prefix.
    /// </summary>
    public IEnumerable<TensorEntry> Tensors => _files.SelectMany(f => f.Tensors).Select(t => t with { Name = Canonical(t.Name) });

    /// <summary>Gets the files that hold the tensors.</summary>
    public IReadOnlyList<string> Files => [.. _files.Select(f => f.Path)];

    /// <summary>Maps the checkpoint in a folder (or one safetensors file) and checks all headers.</summary>
    /// <exception cref="UsageException">There is no checkpoint.</exception>
    /// <exception cref="InputException">The checkpoint is damaged: a missing shard, a name in two shards, a name that its shard lacks, a bad header.</exception>
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

    /// <summary>Gets whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _places.ContainsKey(name);

    /// <summary>Gets a tensor by name.</summary>
    /// <exception cref="InputException">There is no such tensor.</exception>
    public TensorEntry this[string name]
    {
        get
        {
            var (file, stored) = Find(name);
            return file[stored] with { Name = name };
        }
    }

    /// <summary>Gets the file that holds a tensor.</summary>
    internal string FileOf(string name) => Find(name).File.Path;

    /// <summary>Gets a tensor's bytes, at most 2 GiB.</summary>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var (file, stored) = Find(name);
        return file.Bytes(stored);
    }

    /// <summary>Gets a part of a tensor's bytes.</summary>
    public ReadOnlySpan<byte> Bytes(string name, long offset, int length)
    {
        var (file, stored) = Find(name);
        return file.Bytes(stored, offset, length);
    }

    /// <summary>Gets the address of a tensor's bytes.</summary>
    public byte* Pointer(string name)
    {
        var (file, stored) = Find(name);
        return file.Pointer(stored);
    }

    /// <summary>Reads a floating-point tensor's values as f32.</summary>
    public float[] ReadFloats(string name)
    {
        var entry = this[name];
        var values = new float[checked((int)entry.Count)];
        FloatConversion.ToSingle(Bytes(name), entry.DType, values);
        return values;
    }

    /// <summary>Creates a source that writes a tensor elsewhere, byte for byte. Valid until the reader is disposed.</summary>
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
    /// Adapts the config to the stored weights: whether the head is tied to the embedding is decided by what is stored, with a warning if that
    /// differs from the config. Then checks as <see cref="CheckAgainst"/>.
    /// </summary>
    /// <exception cref="InputException">A tensor is missing, is of another shape or type, or does not belong to such a model.</exception>
    public ModelConfig Fit(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var fitted = WithStoredHead(config);
        CheckAgainst(fitted);
        return fitted;
    }

    /// <summary>
    /// Compares the tensors with those that a config requires: names, shapes and types. A stored head that is tied to the embedding, and rotary
    /// buffers of old checkpoints, are ignored.
    /// </summary>
    /// <exception cref="InputException">A tensor is missing, is of another shape or type, or does not belong to such a model.</exception>
    public void CheckAgainst(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, shape) in config.Tensors())
        {
            known.Add(name);
            if (!_places.TryGetValue(name, out var place))
            {
                throw new InputException(_promised.Contains(name)
                    ? $"{Path}: {IndexName} names the tensor '{name}', which no shard holds; was the download cut off?"
                    : $"{Path}: tensor '{name}' is missing; is config.json from another checkpoint?");
            }

            var entry = place.File[place.Stored];
            if (!entry.Shape.SequenceEqual(shape))
                throw new InputException($"{place.File.Path}: tensor '{place.Stored}' is {entry.ShapeText}, the config says [{string.Join(", ", shape)}]; is config.json from another checkpoint?");
            if (!entry.DType.IsWeightType())
                throw new InputException($"{place.File.Path}: tensor '{place.Stored}' is of type {entry.DType}; weights of type F64, F32, F16 and BF16 are read. {CheckpointDTypes.Remedy}");
        }

        var stray = Tensors.FirstOrDefault(t => !known.Contains(t.Name) && !IsOptional(t.Name));
        if (stray is not null)
            throw new InputException($"{Find(stray.Name).File.Path}: tensor '{stray.Name}' does not belong to such a model; is config.json from another checkpoint?");
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
        _ofFolder = true;
        var single = System.IO.Path.Combine(Path, SingleName);
        var index = System.IO.Path.Combine(Path, IndexName);
        if (FileSize.IsThere(single))
            Add(single);
        else if (FileSize.IsThere(index))
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
            if (!FileSize.IsThere(shard))
                throw new InputException($"{index}: the shard {file} is missing; was the download cut off?");
            Add(shard);
        }

        foreach (var (name, file) in names)
        {
            var canonical = Canonical(name);
            if (_places.TryGetValue(canonical, out var place) && System.IO.Path.GetFileName(place.File.Path) == file)
                continue;
            if (place.File is not null || !IsOptional(canonical))
                throw new InputException($"{index}: says that {file} holds '{name}', but it does not");
            _promised.Add(canonical);
        }
    }

    private void Add(string path)
    {
        var file = SafetensorsFile.Open(path);
        _files.Add(file);
        foreach (var tensor in file.Tensors)
        {
            if (!_places.TryAdd(Canonical(tensor.Name), new Place(file, tensor.Name)))
                throw new InputException($"{path}: tensor '{tensor.Name}' is also in {_places[Canonical(tensor.Name)].File.Path}; remove the shards of another checkpoint");
        }
    }

    private Place Find(string name) => _places.TryGetValue(name, out var place)
        ? place
        : throw new InputException($"{Path}: has no tensor '{name}'");

    /// <summary>Gets the name in a checkpoint of the whole model; checkpoints of the decoder without a head lack the prefix.</summary>
    private string Canonical(string stored) => _ofFolder && s_bare.Any(part => stored.StartsWith(part, StringComparison.Ordinal)) ? "model." + stored : stored;

    /// <summary>Whether a tensor may be in a checkpoint, or named in its index, although the decoder does not need it.</summary>
    private static bool IsOptional(string name) => name == ModelTensors.Head || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    private ModelConfig WithStoredHead(ModelConfig config)
    {
        var stored = Contains(ModelTensors.Head);
        if (config.TieWordEmbeddings && stored && Contains(ModelTensors.Embedding) && !AreEqual(ModelTensors.Head, ModelTensors.Embedding))
        {
            return config with
            {
                TieWordEmbeddings = false,
                Warnings = [.. config.Warnings, $"{Path}: config.json says that the head is tied to the embedding (tie_word_embeddings true), but the checkpoint holds another head ('{ModelTensors.Head}'); it is used, and the model counts as untied"],
            };
        }

        if (!config.TieWordEmbeddings && !stored && !_promised.Contains(ModelTensors.Head))
        {
            return config with
            {
                TieWordEmbeddings = true,
                Warnings = [.. config.Warnings, $"{Path}: the checkpoint holds no head ('{ModelTensors.Head}'), though tie_word_embeddings is not true in config.json; the embedding is used as the head. Set tie_word_embeddings to true if that is what the model was trained with, else fetch the whole checkpoint"],
            };
        }

        return config;
    }

    /// <summary>Whether two matrices have the same values, whatever their types.</summary>
    private bool AreEqual(string first, string second)
    {
        const int Chunk = 1 << 20;
        var (a, b) = (this[first], this[second]);
        if (!a.Shape.SequenceEqual(b.Shape) || !a.DType.IsWeightType() || !b.DType.IsWeightType())
            return false;
        var (left, right) = (new float[Chunk], new float[Chunk]);
        for (long at = 0; at < a.Count; at += Chunk)
        {
            var count = (int)Math.Min(Chunk, a.Count - at);
            ReadOnlySpan<byte> x = Part(a, at, count), y = Part(b, at, count);
            if (a.DType == b.DType)
            {
                if (!x.SequenceEqual(y))
                    return false;
                continue;
            }

            FloatConversion.ToSingle(x, a.DType, left.AsSpan(0, count));
            FloatConversion.ToSingle(y, b.DType, right.AsSpan(0, count));
            if (!left.AsSpan(0, count).SequenceEqual(right.AsSpan(0, count)))
                return false;
        }

        return true;
    }

    private ReadOnlySpan<byte> Part(TensorEntry entry, long first, int count) =>
        Bytes(entry.Name, first * entry.DType.Size(), count * entry.DType.Size());

    /// <summary>The file that holds a tensor, and the tensor's name in it.</summary>
    private readonly record struct Place(SafetensorsFile File, string Stored);
}
