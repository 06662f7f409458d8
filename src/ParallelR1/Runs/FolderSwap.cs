namespace ParallelR1.Runs;

/// <summary>
/// Folders that appear, are replaced and vanish in one step, whenever the process is killed: written and deleted under a hidden name,
/// renamed in between. Where the path is a link, all of it happens where the link leads, and the link stays.
/// </summary>
internal static class FolderSwap
{
    private const string Partial = "partial"; // being written
    private const string Former = "former"; // about to be replaced
    private const string Leaving = "leaving"; // being deleted

    public static void Write(string path, Action<string> write)
    {
        path = Target(path);
        var (pending, former) = (Hidden(path, Partial), Hidden(path, Former));
        Delete(pending);
        Directory.CreateDirectory(pending);
        try
        {
            write(pending);
            Delete(former);
            if (Directory.Exists(path))
                Directory.Move(path, former);
            Directory.Move(pending, path);
        }
        catch
        {
            Delete(pending);
            throw;
        }

        Delete(former);
    }

    public static void Remove(string path)
    {
        path = Target(path);
        if (!Directory.Exists(path))
            return;
        var leaving = Hidden(path, Leaving);
        Delete(leaving);
        Directory.Move(path, leaving);
        Delete(leaving);
    }

    /// <summary>Clears up after a killed process: what was half written or half deleted goes, what was about to be replaced comes back.</summary>
    public static void Recover(string parent)
    {
        if (!Directory.Exists(parent))
            return;
        foreach (var hidden in Directory.GetDirectories(parent, ".*"))
            Recover(hidden, Path.Combine(parent, Path.GetFileNameWithoutExtension(hidden)[1..]));
        foreach (var link in new DirectoryInfo(parent).EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is not null))
        {
            var target = Target(link.FullName);
            foreach (var hidden in new[] { Partial, Former, Leaving }.Select(ending => Hidden(target, ending)).Where(Directory.Exists))
                Recover(hidden, target);
        }
    }

    private static void Recover(string hidden, string path)
    {
        var ending = Path.GetExtension(hidden);
        if (ending == $".{Former}" && !Directory.Exists(path))
            Directory.Move(hidden, path);
        else if (ending is $".{Partial}" or $".{Former}" or $".{Leaving}")
            Delete(hidden);
    }

    /// <summary>Where a path leads, also when nothing is there; the path itself where it is no link.</summary>
    private static string Target(string path)
    {
        var folder = new DirectoryInfo(path);
        return folder.LinkTarget is null ? path : Path.TrimEndingDirectorySeparator(folder.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static string Hidden(string path, string ending) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{ending}");
}
