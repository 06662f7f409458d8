namespace ParallelR1.Cli;

/// <summary>What a model is called in tables.</summary>
internal static class RunName
{
    /// <summary>The folder's name; of a run's result the run's, and of a checkpoint the run's with the step.</summary>
    public static string Of(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var (name, parent) = (Path.GetFileName(full), Path.GetDirectoryName(full));
        if (parent is null)
            return full;
        if (name == "model" && Path.GetFileName(parent) is { Length: > 0 } run)
            return run;
        if (Path.GetFileName(parent) == "checkpoints" && Path.GetFileName(Path.GetDirectoryName(parent)) is { Length: > 0 } trained)
            return $"{trained}-{name}";
        return name;
    }
}
