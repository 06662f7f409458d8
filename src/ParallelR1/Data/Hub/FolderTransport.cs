namespace ParallelR1.Data.Hub;

/// <summary>Repositories in a local folder: <c>datasets/OWNER/NAME</c>, <c>models/OWNER/NAME</c>, <c>OWNER/NAME</c>, or <c>NAME</c> below it.</summary>
internal sealed class FolderTransport : IHubTransport
{
    private readonly string _root;

    public FolderTransport(string endpoint)
    {
        _root = endpoint.StartsWith("file://", StringComparison.Ordinal) ? new Uri(endpoint).LocalPath : endpoint;
        if (!Directory.Exists(_root))
            throw new UsageException($"'{endpoint}' is neither an http or https address nor a folder; check HF_ENDPOINT or --from");
    }

    public Task<IReadOnlyList<HubFile>> ListAsync(HubKind kind, string repository, string revision, CancellationToken cancellation)
    {
        var folder = Folder(kind, repository);
        IReadOnlyList<HubFile> files =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(f => new HubFile(Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/'), new FileInfo(f).Length, null))
                .Where(f => !f.Path.Split('/').Any(p => p.StartsWith('.')))
                .OrderBy(f => f.Path, StringComparer.Ordinal),
        ];
        return Task.FromResult(files);
    }

    public Task<HubContent> OpenAsync(HubKind kind, string repository, string revision, HubFile file, long offset, CancellationToken cancellation)
    {
        var path = Path.Combine(Folder(kind, repository), file.Path);
        if (!File.Exists(path))
            throw new HubException($"{path}: no such file");
        return Task.FromResult(new HubContent(File.OpenRead(path), 0, null, null));
    }

    public Task WaitAsync(TimeSpan delay, CancellationToken cancellation) => Task.Delay(delay, cancellation);

    public void Dispose()
    {
    }

    private string Folder(HubKind kind, string repository)
    {
        var name = repository[(repository.LastIndexOf('/') + 1)..];
        string[] places = [Path.Combine(kind == HubKind.Dataset ? "datasets" : "models", repository), repository, repository.Replace("/", "--", StringComparison.Ordinal), name];
        return places.Select(p => Path.Combine(_root, p)).FirstOrDefault(Directory.Exists)
            ?? throw new HubException($"{_root} has no repository '{repository}'; looked for {string.Join(", ", places)}");
    }
}
