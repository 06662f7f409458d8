namespace ParallelR1.IO;

/// <summary>A file being written under a temporary name. Disposing without <see cref="Commit"/> leaves no trace.</summary>
public sealed class PendingFile : IDisposable
{
    /// <summary>Matches the temporary names, which only a killed process leaves behind.</summary>
    internal const string Pattern = "*.partial";

    private readonly string _path;
    private readonly string _temporary;
    private bool _committed;

    internal PendingFile(string path)
    {
        _path = path;
        _temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.partial";
        Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
    }

    /// <summary>Where to write.</summary>
    public Stream Stream { get; }

    /// <summary>Flushes to disk and puts the file in its place.</summary>
    public void Commit()
    {
        ((FileStream)Stream).Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _committed = true;
    }

    /// <summary>Removes the temporary file unless it was committed.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException) when (!_committed)
        {
            // The disk is full: what could not be flushed is thrown away with the file.
        }

        if (!_committed)
            File.Delete(_temporary);
    }
}
