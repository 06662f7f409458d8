using ParallelR1.IO;

namespace ParallelR1.Data.Hub;

/// <summary>Lists and downloads repositories of the Hugging Face hub, a mirror of it, or a local folder with the same layout.</summary>
public sealed class HubClient : IDisposable
{
    private readonly HubOptions _options;
    private readonly IHubTransport _transport;

    /// <summary>Creates a client; nothing is sent yet.</summary>
    /// <param name="options">Endpoint, token and retries; null for the defaults.</param>
    /// <param name="time">The clock of delays; null for the system's.</param>
    /// <exception cref="UsageException">The endpoint is neither an http(s) address nor a folder.</exception>
    public HubClient(HubOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? HubOptions.FromEnvironment();
        _transport = Uri.TryCreate(_options.Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new HttpTransport(_options, address, time ?? TimeProvider.System)
            : new FolderTransport(_options.Endpoint);
    }

    /// <summary>Lists the files of a repository.</summary>
    /// <param name="kind">Data set or model.</param>
    /// <param name="repository"><c>owner/name</c>, or <c>name</c> alone for the hub's oldest ones.</param>
    /// <param name="revision">Branch, tag or commit.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <exception cref="UsageException"><paramref name="repository"/> is not the name of a repository.</exception>
    /// <exception cref="HubException">The repository does not exist or is not accessible, or the hub cannot be reached.</exception>
    public Task<IReadOnlyList<HubFile>> ListAsync(HubKind kind, string repository, string revision, CancellationToken cancellation)
    {
        CheckName(repository);
        return _transport.ListAsync(kind, repository, revision, cancellation);
    }

    /// <summary>
    /// Downloads a file into a folder, under its path in the repository. An interrupted download is resumed; an existing file with the right
    /// checksum is kept. The file is verified, and written atomically.
    /// </summary>
    /// <param name="kind">Data set or model.</param>
    /// <param name="repository"><c>owner/name</c>.</param>
    /// <param name="revision">Branch, tag or commit.</param>
    /// <param name="file">The file, as listed.</param>
    /// <param name="folder">The folder to write to; created if it does not exist.</param>
    /// <param name="observer">Receives progress.</param>
    /// <param name="cancellation">Stops the download; the next call resumes it.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="HubException">The download failed, or the content does not have the checksum of the hub.</exception>
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

    // The path comes from the server, and must not point outside the folder.
    private static void CheckPath(string path)
    {
        if (path.Length == 0 || path.Contains('\\', StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal)
            || Path.IsPathRooted(path) || path.Contains(':', StringComparison.Ordinal) || path.Split('/').Any(p => p is "" or "." or ".."))
        {
            throw new HubException($"the hub names a file '{path}', which is outside the folder; it is not downloaded");
        }
    }
}
