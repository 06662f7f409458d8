using ParallelR1.IO;

namespace ParallelR1.Data.Hub;

/// <summary>
/// Reads repositories from a local folder: <c>datasets/OWNER/NAME</c>, <c>models/OWNER/NAME</c>, <c>OWNER/NAME</c> or <c>NAME</c>; or from a
/// cache of the Hugging Face libraries (<c>models--OWNER--NAME/snapshots/COMMIT</c>, whose files are links).
/// </summary>
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
        var folder = Folder(kind, repository, revision);
        IReadOnlyList<HubFile> files =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(f => new HubFile(Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/'), FileSize.Of(f), null))
                .Where(f => !f.Path.Split('/').Any(p => p.StartsWith('.')))
                .OrderBy(f => f.Path, StringComparer.Ordinal),
        ];
        return Task.FromResult(files);
    }

    public Task<HubContent> OpenAsync(HubKind kind, string repository, string revision, HubFile file, long offset, CancellationToken cancellation)
    {
        var path = Path.Combine(Folder(kind, repository, revision), file.Path);
        if (!File.Exists(path))
            throw new HubException($"{path}: no such file");
        var stream = File.OpenRead(path);
        Span<byte> beginning = stackalloc byte[1024];
        try
        {
            GitLfsPointer.Refuse(path, beginning[..stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)], stream.Length);
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        stream.Position = 0;
        return Task.FromResult(new HubContent(stream, 0, null, null));
    }

    public Task WaitAsync(TimeSpan delay, CancellationToken cancellation) => Task.Delay(delay, TimeProvider.System, cancellation);

    public void Dispose()
    {
    }

    private string Folder(HubKind kind, string repository, string revision)
    {
        var name = repository[(repository.LastIndexOf('/') + 1)..];
        var kinds = kind == HubKind.Dataset ? "datasets" : "models";
        var flat = repository.Replace("/", "--", StringComparison.Ordinal);
        var cached = $"{kinds}--{flat}";
        string[] places = [Path.Combine(kinds, repository), repository, flat, name, cached, Path.Combine("hub", cached)];
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(_root));
        var folder = Path.GetFileName(root) == cached ? root : places.Select(p => Path.Combine(_root, p)).FirstOrDefault(Directory.Exists)
            ?? throw new HubException($"{_root} has no repository '{repository}'; looked for {string.Join(", ", places)}");
        return Directory.Exists(Path.Combine(folder, "snapshots")) ? Snapshot(folder, revision) : folder;
    }

    /// <summary>Gets the snapshot of a revision: the one that <c>refs</c> names, that of the commit, or for <c>main</c> the only one.</summary>
    private static string Snapshot(string folder, string revision)
    {
        var snapshots = Path.Combine(folder, "snapshots");
        var reference = Path.Combine(folder, "refs", revision);
        var commit = File.Exists(reference) && FileSize.Of(reference) < 1024 ? File.ReadAllText(reference).Trim() : revision;
        if (commit.Length > 0 && commit is not ("." or "..") && Path.GetFileName(commit) == commit && Directory.Exists(Path.Combine(snapshots, commit)))
            return Path.Combine(snapshots, commit);
        string[] known = [.. Directory.GetDirectories(snapshots).Order(StringComparer.Ordinal)];
        if (revision == "main" && !File.Exists(reference) && known.Length == 1)
            return known[0];
        throw new HubException($"{folder} has no snapshot of revision '{revision}'{(commit == revision ? "" : $" (commit {commit})")}; it has {(known.Length == 0 ? "none" : string.Join(", ", known.Select(Path.GetFileName)))}; choose one with --revision");
    }
}
