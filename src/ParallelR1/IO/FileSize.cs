namespace ParallelR1.IO;

/// <summary>Sizes of files; of a symbolic link (as in a hub's cache) the size of what it leads to.</summary>
internal static class FileSize
{
    /// <summary>Whether something of this name is there, be it a link that leads nowhere.</summary>
    public static bool IsThere(string path) => File.Exists(path) || new FileInfo(path).LinkTarget is not null;

    /// <summary>Number of bytes that reading the file gives.</summary>
    /// <exception cref="UsageException">There is no such file, or it is a link whose target is missing.</exception>
    public static long Of(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is null)
            return file.Exists ? file.Length : throw new UsageException($"{path}: no such file");
        try
        {
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target)
                return target.Length;
        }
        catch (IOException)
        {
            // A circle of links: as good as a missing target.
        }

        throw new UsageException($"{path}: is a symbolic link to {file.LinkTarget}, which does not exist; was the rest of the hub's cache deleted or not copied? Download the model again, or copy the folder with its links resolved (cp -rL)");
    }
}
