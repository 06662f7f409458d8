namespace ParallelR1.Torch;

/// <summary>
/// Finds the native library: at <c>PARALLELR1_NATIVE</c>, else at the path in <c>native/build/current</c> of a checkout that contains the
/// program, else beside the program, where the build of a project that references this one copies it.
/// </summary>
internal static class NativeLocation
{
    private const string Name = "libparallelr1.so";

    public static string Find() => Find(ProcessEnvironment.Get("PARALLELR1_NATIVE"), AppContext.BaseDirectory);

    internal static string Find(string? set, string program)
    {
        if (set is { Length: > 0 })
            return File.Exists(set) ? set : throw new DllNotFoundException($"PARALLELR1_NATIVE names {set}, which does not exist; it should be the full path of {Name}");
        for (var folder = new DirectoryInfo(program); folder is not null; folder = folder.Parent)
        {
            var current = Path.Combine(folder.FullName, "native", "build", "current");
            if (File.Exists(current) && File.ReadAllText(current).Trim() is var path && File.Exists(path))
                return path;
        }

        var beside = Path.Combine(program, Name);
        return File.Exists(beside)
            ? beside
            : throw new DllNotFoundException(
                $"{Name} was not found: PARALLELR1_NATIVE is not set, {program} is in no checkout that is built, and the library is not beside the program. "
                + "Run ./parallel-r1 doctor in a checkout of Parallel-R1, which builds it; then either set PARALLELR1_NATIVE to the path in its native/build/current, "
                + "or build your project again: with a reference to src/ParallelR1/ParallelR1.csproj the library is copied beside the program.");
    }
}
