namespace ParallelR1.Data.Hub;

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
