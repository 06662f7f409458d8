namespace ParallelR1.IO;

/// <summary>
/// Where fixtures, problem sets and models are found: <c>PARALLELR1_FIXTURES</c>, <c>PARALLELR1_DATA</c>, <c>PARALLELR1_MODELS</c>,
/// else <c>../shared/NAME</c> beside the checkout, else the download cache.
/// </summary>
internal static class KnownFolders
{
    /// <summary>The checkout: the closest folder above the program (or the working folder) that holds <c>ParallelR1.slnx</c>; null outside of one.</summary>
    public static string? Checkout { get; } = FindCheckout(AppContext.BaseDirectory) ?? FindCheckout(Environment.CurrentDirectory);

    /// <summary>Downloads and unpacked peers: <c>$XDG_CACHE_HOME/parallel-r1</c>, else <c>~/.cache/parallel-r1</c>.</summary>
    public static string Cache { get; } = Path.Combine(
        HostProcess.Variable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "parallel-r1");

    /// <summary>Gets the candidate folders for the problem sets, best first; only folders that exist.</summary>
    public static IReadOnlyList<string> Data => Candidates("PARALLELR1_DATA", "data");

    /// <summary>Gets the candidate folders for models, best first; only folders that exist.</summary>
    public static IReadOnlyList<string> Models => Candidates("PARALLELR1_MODELS", "models");

    /// <summary>Gets the folder of reference values; null if there is none.</summary>
    public static string? Fixtures => Candidates("PARALLELR1_FIXTURES", "fixtures").FirstOrDefault();

    private static string[] Candidates(string variable, string name)
    {
        if (HostProcess.Variable(variable) is { } set)
            return Directory.Exists(set) ? [set, .. Existing(Path.Combine(Cache, name))] : Existing(Path.Combine(Cache, name));
        var shared = Checkout is null ? null : Path.Combine(Path.GetDirectoryName(Checkout) ?? Checkout, "shared", name);
        return [.. shared is null ? [] : Existing(shared), .. Existing(Path.Combine(Cache, name))];
    }

    private static string[] Existing(string folder) => Directory.Exists(folder) ? [folder] : [];

    private static string? FindCheckout(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ParallelR1.slnx")))
                return folder.FullName;
        }

        return null;
    }
}
