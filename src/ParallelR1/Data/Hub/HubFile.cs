namespace ParallelR1.Data.Hub;

/// <summary>A file of a repository.</summary>
/// <param name="Path">With forward slashes, relative to the repository.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Checksum">What its content must hash to; null where the hub does not say.</param>
public sealed record HubFile(string Path, long Size, HubChecksum? Checksum);
