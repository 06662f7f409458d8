namespace ParallelR1.Torch;

/// <summary>Finds the native library: <c>PARALLELR1_NATIVE</c>, else what <c>native/build/current</c> of the checkout names.</summary>
internal static class NativeLocation
{
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("PARALLELR1_NATIVE") is { Length: > 0 } set)
            return File.Exists(set) ? set : throw new DllNotFoundException($"PARALLELR1_NATIVE names {set}, which does not exist");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var current = Path.Combine(folder.FullName, "native", "build", "current");
            if (File.Exists(current) && File.ReadAllText(current).Trim() is var path && File.Exists(path))
                return path;
        }

        throw new DllNotFoundException("libparallelr1.so is not built; run ./parallel-r1 doctor in the checkout, which builds it");
    }
}
