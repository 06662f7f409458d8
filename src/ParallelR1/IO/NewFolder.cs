namespace ParallelR1.IO;

/// <summary>Folders that appear whole or not at all, and never in place of another.</summary>
internal static class NewFolder
{
    /// <summary>
    /// Makes a folder: what <paramref name="write"/> puts into the temporary folder beside it appears under <paramref name="path"/>
    /// when all is done; after a failure nothing is left.
    /// </summary>
    /// <exception cref="UsageException">The path is a file, or a folder that is not empty.</exception>
    public static void Create(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        CheckFree(path);
        var temporary = $"{full}.{Environment.ProcessId}-{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(temporary);
        try
        {
            write(temporary);
            CheckFree(path);
            if (Directory.Exists(full))
                Directory.Delete(full);
            Directory.Move(temporary, full);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    /// <summary>Throws if a folder cannot be created at the path.</summary>
    /// <exception cref="UsageException">The path is a file, or a folder that is not empty.</exception>
    public static void CheckFree(string path)
    {
        if (File.Exists(path))
            throw new UsageException($"{path}: is a file; give the name of a new folder");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new UsageException($"{path}: is not empty; give the name of a new folder, or empty it first");
    }
}
