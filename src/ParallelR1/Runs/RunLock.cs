namespace ParallelR1.Runs;

/// <summary>Keeps two runs out of one folder. The system releases it when the process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    public const string FileName = ".lock";

    private readonly FileStream _file;

    public RunLock(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            _file = Hold(path);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new UsageException($"{folder}: another run is at work in this folder; wait for it, stop it, or choose another --out", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException($"{folder}: this user may not write here; choose another --out, or change the folder's owner or permissions", e);
        }
    }

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes a file as a lock; null: another has it.</summary>
    public static RunLock? TryTake(string path)
    {
        try
        {
            return new RunLock(Hold(path));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream Hold(string path)
    {
        var file = Open(path);
        // Who ends removes the file before it lets go of it. Who had opened it before that now holds a file that is no longer
        // there, while the next one would make a new one.
        while (IsRemoved(file))
        {
            file.Dispose();
            file = Open(path);
        }

        return file;
    }

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);

    private static bool IsRemoved(FileStream file) =>
        new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) == true;
}
