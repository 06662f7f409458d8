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
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new UsageException($"{folder}: another run is at work in this folder; wait for it, stop it, or choose another --out", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
