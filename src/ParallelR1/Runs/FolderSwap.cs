namespace ParallelR1.Runs;

/// <summary>Folders that appear and vanish in one step: written and deleted under a hidden name, renamed in between.</summary>
internal static class FolderSwap
{
    public static void Write(string path, Action<string> write)
    {
        var pending = Hidden(path, "partial");
        if (Directory.Exists(pending))
            Directory.Delete(pending, recursive: true);
        Directory.CreateDirectory(pending);
        try
        {
            write(pending);
            Remove(path);
            Directory.Move(pending, path);
        }
        catch
        {
            if (Directory.Exists(pending))
                Directory.Delete(pending, recursive: true);
            throw;
        }
    }

    public static void Remove(string path)
    {
        if (!Directory.Exists(path))
            return;
        var leaving = Hidden(path, "old");
        if (Directory.Exists(leaving))
            Directory.Delete(leaving, recursive: true);
        Directory.Move(path, leaving);
        Directory.Delete(leaving, recursive: true);
    }

    private static string Hidden(string path, string ending) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{ending}");
}
