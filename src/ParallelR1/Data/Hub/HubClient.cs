using ParallelR1.IO;

namespace ParallelR1.Data.Hub;

/// <summary>Lists and downloads repositories of the Hugging Face hub, a mirror of it, or a local folder of the same shape.</summary>
public sealed class HubClient : IDisposable
{
    private readonly HubOptions _options;
    private readonly IHubTransport _transport;

    /// <summary>Opens a client; nothing is sent yet.</summary>
    /// <exception cref="UsageException">The endpoint is neither an http(s) address nor a folder.</exception>
    public HubClient(HubOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? HubOptions.FromEnvironment();
        _transport = Uri.TryCreate(_options.Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new HttpTransport(_options, address, time ?? TimeProvider.System)
            : new FolderTransport(_options.Endpoint);
    }

    /// <summary>The files of a repository.</summary>
    /// <param name="kind">Data set or model.</param>
    /// <param name="repository"><c>owner/name</c>, or <c>name</c> alone for the hub's oldest ones.</param>
    /// <param name="revision">Branch, tag or commit.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <exception cref="HubException">It is not there, not allowed, or the hub cannot be reached.</exception>
    public Task<IReadOnlyList<HubFile>> ListAsync(HubKind kind, string repository, string revision, CancellationToken cancellation)
    {
        CheckName(repository);
        return _transport.ListAsync(kind, repository, revision, cancellation);
    }

    /// <summary>
    /// Downloads a file into a folder under its own path. What an earlier, interrupted call left is continued; a file that is there and right is kept.
    /// The file appears whole and verified, or not at all.
    /// </summary>
    /// <returns>Where it lies.</returns>
    /// <exception cref="HubException">It cannot be downloaded, or is not what the hub says it is.</exception>
    public async Task<string> DownloadAsync(
        HubKind kind,
        string repository,
        string revision,
        HubFile file,
        string folder,
        IRunObserver? observer,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        CheckName(repository);
        CheckPath(file.Path);
        var target = Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar));
        if (File.Exists(target) && FileSize.Of(target) == file.Size
            && file.Checksum is { } known && await known.MatchesAsync(target, cancellation).ConfigureAwait(false))
        {
            return target;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var download = new HubDownload(_transport, kind, repository, revision, file, target, observer ?? QuietObserver.Instance);
        await download.RunAsync(_options, cancellation).ConfigureAwait(false);
        return target;
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private static void CheckName(string repository)
    {
        var parts = repository.Split('/');
        if (parts.Length > 2 || parts.Any(p => p.Length == 0 || p is "." or ".." || !p.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
            throw new UsageException($"'{repository}' is not the name of a repository; expected OWNER/NAME");
    }

    // The path comes from the server: it must not lead out of the folder.
    private static void CheckPath(string path)
    {
        if (path.Length == 0 || path.Contains('\\', StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal)
            || Path.IsPathRooted(path) || path.Contains(':', StringComparison.Ordinal) || path.Split('/').Any(p => p is "" or "." or ".."))
        {
            throw new HubException($"the hub names a file '{path}', which leads out of the folder; it is not downloaded");
        }
    }
}
