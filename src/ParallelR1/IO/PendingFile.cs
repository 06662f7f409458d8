using Microsoft.Win32.SafeHandles;

namespace ParallelR1.IO;

/// <summary>
/// A file being written under a temporary name; disposing without <see cref="Commit"/> removes it. Pipes, devices and standard output
/// are written to directly instead.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    /// <summary>Matches the temporary names, which only a killed process leaves behind.</summary>
    internal const string Pattern = "*.partial";

    private const int BufferBytes = 1 << 16;

    private readonly string? _path;
    private readonly string? _temporary;
    private bool _committed;

    private PendingFile(Stream through) => Stream = new BufferedStream(through, BufferBytes);

    private PendingFile(string path)
    {
        _path = path;
        _temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.partial";
        Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes);
    }

    /// <summary>Gets the stream to write to.</summary>
    public Stream Stream { get; }

    /// <summary>Gets whether output is written directly, so that it cannot be undone.</summary>
    public bool IsThrough => _temporary is null;

    /// <summary>Opens standard output, which stays open on dispose.</summary>
    public static PendingFile ToStandardOutput() => ToDescriptor(1);

    internal static PendingFile Beside(string path) => new(path);

    internal static PendingFile Through(string path) => new(new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0));

    /// <summary>An open file of this process, from where it stands.</summary>
    internal static PendingFile ToDescriptor(int descriptor)
    {
        var stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, 0);
        if (!stream.CanSeek || descriptor is not (1 or 2))
            return new PendingFile(stream);
        // A regular file behind it may be shared with other programs: only the console's streams move the place that all of them write at.
        return new PendingFile(descriptor == 1 ? HostProcess.OpenOutput() : HostProcess.OpenError());
    }

    /// <summary>Flushes what has been written so far if output is written directly; a file appears only when complete.</summary>
    public void Pass()
    {
        if (IsThrough)
            Stream.Flush();
    }

    /// <summary>Flushes to disk and renames the temporary file to its target.</summary>
    public void Commit()
    {
        _committed = true;
        if (Stream is FileStream file)
            file.Flush(flushToDisk: true);
        Stream.Dispose();
        if (_temporary is null)
            return;
        _committed = false;
        KeepMode();
        File.Move(_temporary, _path!, overwrite: true);
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
            // The disk is full or the reader is gone: what could not be flushed is thrown away.
        }

        if (!_committed && _temporary is not null)
            File.Delete(_temporary);
    }

    /// <summary>A file that is replaced stays as private, or as public, as it was.</summary>
    private void KeepMode()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_path))
            File.SetUnixFileMode(_temporary!, File.GetUnixFileMode(_path));
    }
}
