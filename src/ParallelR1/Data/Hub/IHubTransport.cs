namespace ParallelR1.Data.Hub;

/// <summary>How repositories are reached.</summary>
internal interface IHubTransport : IDisposable
{
    Task<IReadOnlyList<HubFile>> ListAsync(HubKind kind, string repository, string revision, CancellationToken cancellation);

    /// <summary>Opens a file's content at an offset; the stream begins at <see cref="HubContent.Start"/>, which may be 0 all the same.</summary>
    Task<HubContent> OpenAsync(HubKind kind, string repository, string revision, HubFile file, long offset, CancellationToken cancellation);

    Task WaitAsync(TimeSpan delay, CancellationToken cancellation);
}

/// <summary>What a hub's repository holds.</summary>
public enum HubKind
{
    /// <summary>A data set.</summary>
    Dataset,

    /// <summary>A model.</summary>
    Model,
}

/// <summary>A file of a repository.</summary>
/// <param name="Path">With forward slashes, relative to the repository.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Checksum">What its content must hash to; null where the hub does not say.</param>
public sealed record HubFile(string Path, long Size, HubChecksum? Checksum);

/// <summary>The content of a file as it comes in.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="Start">Where in the file they begin.</param>
/// <param name="Checksum">What the answer's headers say about the whole file; null: nothing.</param>
/// <param name="Owner">Released with the content.</param>
internal sealed record HubContent(Stream Body, long Start, HubChecksum? Checksum, IDisposable? Owner) : IDisposable
{
    public void Dispose()
    {
        Body.Dispose();
        Owner?.Dispose();
    }
}
