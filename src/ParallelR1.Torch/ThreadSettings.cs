namespace ParallelR1.Torch;

/// <summary>
/// How many threads compute, and how they wait. Settled when libtorch is loaded, through the environment of its OpenMP, because
/// that alone holds for every thread that calls it; what the user's environment says comes first.
/// </summary>
public static class ThreadSettings
{
    private static int? s_requested;

    /// <summary>One for each core that this process may use; two threads of one core would share its arithmetic units.</summary>
    public static int Cores { get; } = Math.Max(1, Math.Min(Environment.ProcessorCount, PhysicalCores() ?? int.MaxValue));

    /// <summary>Gets the number that was asked for; null where none was.</summary>
    public static int? Requested => s_requested;

    /// <summary>Asks for a number of threads, in place of the environment's. Has no effect once libtorch is in use.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public static void Request(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        s_requested = threads;
    }

    /// <summary>Called before libtorch is loaded: its OpenMP reads the environment then, and never again.</summary>
    internal static void Apply()
    {
        // A thread that waits by spinning stands in the way of whoever has work to do: with one other busy program on two cores,
        // spinning made small steps several times slower than one thread, sleeping did not.
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
