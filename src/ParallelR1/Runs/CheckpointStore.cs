namespace ParallelR1.Runs;

/// <summary><c>checkpoints/step-N</c>: folders that appear whole or not at all, of which the newest few are kept.</summary>
internal sealed class CheckpointStore(string folder, int keep)
{
    private const string Prefix = "step-";

    /// <summary>The steps that have a checkpoint, oldest first.</summary>
    public IReadOnlyList<int> Steps => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateDirectories(folder, Prefix + "*")
            .Select(d => int.TryParse(Path.GetFileName(d)[Prefix.Length..], out var step) && step >= 0 ? step : -1)
            .Where(step => step >= 0)
            .Order()];

    public string PathOf(int step) => Path.Combine(folder, Prefix + step);

    /// <summary>Clears up after a killed process.</summary>
    public void Recover() => FolderSwap.Recover(folder);

    public void Save(int step, Action<string> write)
    {
        Directory.CreateDirectory(folder);
        FolderSwap.Write(PathOf(step), write);
        if (keep <= 0)
            return;
        foreach (var old in Steps.SkipLast(keep))
            FolderSwap.Remove(PathOf(old));
    }
}
