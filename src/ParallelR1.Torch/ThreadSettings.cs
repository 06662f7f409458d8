namespace ParallelR1.Torch;

/// <summary>
/// The number of computing threads, and how they wait. Applied when libtorch is loaded, through the environment of its OpenMP, because
/// only this affects every thread that calls it. The user's environment has priority.
/// </summary>
public static class ThreadSettings
{
    private static int? s_requested;

    /// <summary>Gets the number of physical cores that this process may use, the default number of threads; two threads of one core would share its arithmetic units.</summary>
    public static int Cores { get; } = Math.Max(1, Math.Min(Environment.ProcessorCount, PhysicalCores() ?? int.MaxValue));

    /// <summary>Gets the requested number of threads; null if none was requested.</summary>
    public static int? Requested => s_requested;

    /// <summary>Requests a number of threads, overriding the environment. Has no effect once libtorch is loaded.</summary>
    /// <param name="threads">Number of threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public static void Request(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        s_requested = threads;
    }

    /// <summary>Sets the environment variables. Must be called before libtorch is loaded, since its OpenMP reads the environment only then.</summary>
    internal static void Apply()
    {
        // Threads that wait by spinning slow down other programs and each other: with one other busy program on two cores,
        // spinning made small steps several times slower than a single thread; sleeping did not.
        ProcessEnvironment.Set("OMP_WAIT_POLICY", "passive");
        ProcessEnvironment.Set("OMP_NUM_THREADS", $"{s_requested ?? Cores}", overwrite: s_requested is not null);
    }

    private static int? PhysicalCores()
    {
        try
        {
            var cores = Directory.EnumerateDirectories("/sys/devices/system/cpu", "cpu*")
                .Select(folder => Path.Combine(folder, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct()
                .Count();
            return cores > 0 ? cores : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
