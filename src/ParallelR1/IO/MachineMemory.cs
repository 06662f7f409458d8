using System.Globalization;

namespace ParallelR1.IO;

/// <summary>The machine's memory.</summary>
internal static class MachineMemory
{
    /// <summary>Bytes that can be had without swapping, within the limits that the process runs under.</summary>
    public static long Available()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return FromKernel() is { } free ? Math.Min(free, limit) : limit / 2;
    }

    /// <summary>The largest memory of this process since <see cref="ResetPeak"/>, else so far; null where the system does not tell.</summary>
    public static long? Peak() => Read("/proc/self/status", "VmHWM:");

    /// <summary>Counts the peak from here on, where the system can.</summary>
    public static void ResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it is that of the whole process.
        }
    }

    private static long? FromKernel() => Read("/proc/meminfo", "MemAvailable:");

    private static long? Read(string file, string key)
    {
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(text => text.StartsWith(key, StringComparison.Ordinal));
            var number = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] ? kilobytes : null;
            return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value * 1024 : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
