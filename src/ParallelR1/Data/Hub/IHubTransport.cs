namespace ParallelR1.Data.Hub;

/// <summary>Access to repositories.</summary>
internal interface IHubTransport : IDisposable
{
    Task<IReadOnlyList<HubFile>> ListAsync(HubKind kind, string repository, string revision, CancellationToken cancellation);

    /// <summary>Opens a file's content at an offset; the stream begins at <see cref="HubContent.Start"/>, which may still be 0.</summary>
    Task<HubContent> OpenAsync(HubKind kind, string repository, string revision, HubFile file, long offset, CancellationToken cancellation);

    Task WaitAsync(TimeSpan delay, CancellationToken cancellation);
}

/// <summary>The kind of a repository on the hub.</summary>
public enum HubKind
{
    /// <summary>A data set.</summary>
    Dataset,

    /// <summary>A model.</summary>
    Model,
}

/// <summary>A file of a repository.</summary>
/// <param name="Path">Path relative to the repository, with forward slashes.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Checksum">Checksum of the content; null if the hub gives none.</param>
public sealed record HubFile(string Path, long Size, HubChecksum? Checksum);

/// <summary>The content of a file while it is received.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="Start">Offset in the file at which they begin.</param>
/// <param name="Checksum">Checksum of the whole file in the response's headers; null if there is none.</param>
/// <param name="Owner">Disposed with the content.</param>
internal sealed record HubContent(Stream Body, long Start, HubChecksum? Checksum, IDisposable? Owner) : IDisposable
{
    public void Dispose()
    {
        Body.Dispose();
        Owner?.Dispose();
    }
}
