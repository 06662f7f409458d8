namespace ParallelR1.Data.Hub;

/// <summary>How repositories are reached.</summary>
internal interface IHubTransport : IDisposable
{
    Task<IReadOnlyList<HubFile>> ListAsync(HubKind kind, string repository, string revision, CancellationToken cancellation);

    /// <summary>Opens a file's content at an offset; the stream begins at <see cref="HubContent.Start"/>, which may be 0 all the same.</summary>
    Task<HubContent> OpenAsync(HubKind kind, string repository, string revision, HubFile file, long offset, CancellationToken cancellation);

    Task WaitAsync(TimeSpan delay, CancellationToken cancellation);
}
