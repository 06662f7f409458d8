namespace ParallelR1.IO;

/// <summary>Writes files that appear whole or not at all: to a temporary name beside the target, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Creates or replaces <paramref name="path"/> with what <paramref name="write"/> puts into the stream.</summary>
    /// <exception cref="UsageException">The folder does not exist.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var pending = Open(path);
        write(pending.Stream);
        pending.Commit();
    }

    /// <summary>Creates or replaces a UTF-8 text file (no byte-order mark).</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(text);
        });

    /// <summary>Starts a file; nothing appears under <paramref name="path"/> before <see cref="PendingFile.Commit"/>.</summary>
    /// <exception cref="UsageException">The path is a folder, or its folder does not exist.</exception>
    public static PendingFile Open(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new UsageException($"{path}: is a folder, expected the name of a file");
        var folder = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(folder))
            throw new UsageException($"{path}: the folder {folder} does not exist; create it first");
        return new PendingFile(full);
    }
}
