namespace ParallelR1.Data;

/// <summary>A temporary file with the content of a pipe, because reading Parquet needs seeking; deleted when disposed.</summary>
internal sealed class TemporaryCopy : IDisposable
{
    private TemporaryCopy(string path) => Path = path;

    public string Path { get; }

    public static TemporaryCopy Of(Stream stream)
    {
        var copy = new TemporaryCopy(System.IO.Path.GetTempFileName());
        try
        {
            using var file = File.OpenWrite(copy.Path);
            stream.CopyTo(file);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose() => File.Delete(Path);
}
