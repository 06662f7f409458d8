namespace ParallelR1.Runs;

/// <summary>
/// Folders that appear, are replaced and vanish in one step, whenever the process is killed: written and deleted under a hidden name,
/// renamed in between.
/// </summary>
internal static class FolderSwap
{
    private const string Partial = "partial"; // being written
    private const string Former = "former"; // about to be replaced
    private const string Leaving = "leaving"; // being deleted

    public static void Write(string path, Action<string> write)
    {
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
        {
            var (name, ending) = (Path.GetFileNameWithoutExtension(hidden)[1..], Path.GetExtension(hidden));
            var path = Path.Combine(parent, name);
            if (ending == $".{Former}" && !Directory.Exists(path))
                Directory.Move(hidden, path);
            else if (ending is $".{Partial}" or $".{Former}" or $".{Leaving}")
                Delete(hidden);
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static string Hidden(string path, string ending) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{ending}");
}
