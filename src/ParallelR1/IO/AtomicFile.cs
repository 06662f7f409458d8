namespace ParallelR1.IO;

/// <summary>
/// Writes files atomically: to a temporary name beside the target, then renamed. Links are followed. Anything that is not a regular
/// file (a pipe, a device, <c>/dev/stdout</c>) is written to directly, never replaced.
/// </summary>
internal static class AtomicFile
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

    /// <summary>Opens a file for writing; nothing appears under <paramref name="path"/> before <see cref="PendingFile.Commit"/>, unless it is not a regular file.</summary>
    /// <exception cref="UsageException">The path is a folder, or its folder does not exist.</exception>
    public static PendingFile Open(string path)
    {
        var (target, descriptor) = FileNode.Resolve(path);
        if (descriptor is { } open)
            return PendingFile.ToDescriptor(open);
        // Links of other processes' open files cannot be resolved, but they can be opened.
        if (FileNode.KindOf(path) == FileKind.Special)
            return PendingFile.Through(path);
        return PendingFile.Beside(Checked(path, target));
    }

    /// <summary>Resolves a path to its regular file, existing or not, for callers that write a temporary file themselves and rename it.</summary>
    /// <exception cref="UsageException">The path is a folder or not a regular file, or its folder does not exist.</exception>
    public static string TargetOf(string path)
    {
        if (FileNode.KindOf(path) == FileKind.Special)
            throw new UsageException($"{path}: is a pipe or a device, expected the name of a file");
        return Checked(path, FileNode.Resolve(path).Path);
    }

    private static string Checked(string path, string target)
    {
        if (Directory.Exists(target))
            throw new UsageException($"{path}: is a folder, expected the name of a file");
        var folder = Path.GetDirectoryName(target)!;
        return Directory.Exists(folder) ? target : throw new UsageException($"{path}: the folder {folder} does not exist; create it first");
    }
}
