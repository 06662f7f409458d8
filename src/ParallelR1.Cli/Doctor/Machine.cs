using System.Globalization;
using System.Runtime.InteropServices;
using ParallelR1.IO;

namespace ParallelR1.Cli.Doctor;

/// <summary>What the machine has, libtorch aside.</summary>
internal static class Machine
{
    private const double GiB = 1L << 30;

    /// <summary>Less than this, and the quickstart may not fit.</summary>
    private const double WantedGiB = 3;

    public static IEnumerable<Finding> Examine()
    {
        yield return Finding.Ok("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        yield return Finding.Ok("processor", $"{Torch.Runtime.ProcessorName}, {Environment.ProcessorCount} cores{Extensions()}");
        yield return Memory();
        yield return Disk("disk", KnownFolders.Checkout ?? Environment.CurrentDirectory);
        yield return Disk("cache", KnownFolders.Cache);
        yield return Folder("problem sets", KnownFolders.Data, "PARALLELR1_DATA", "./parallel-r1 data pull NAME");
        yield return Folder("models", KnownFolders.Models, "PARALLELR1_MODELS", "./parallel-r1 model pull NAME --out DIR");
        yield return Folder("fixtures", KnownFolders.Fixtures is { } fixtures ? [fixtures] : [], "PARALLELR1_FIXTURES", "");
    }

    /// <summary>How busy the machine is: processes that want a core, per core, over the last minute.</summary>
    public static double Load() =>
        ReadLines("/proc/loadavg").FirstOrDefault() is { } line && double.TryParse(line.Split(' ')[0], CultureInfo.InvariantCulture, out var load)
            ? load / Environment.ProcessorCount
            : 0;

    private static Finding Memory()
    {
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / GiB;
        var free = ReadLines("/proc/meminfo").Where(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal))
            .Select(l => double.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / GiB)
            .FirstOrDefault(total);
        var text = $"{total:F1} GiB, {Math.Min(free, total):F1} GiB available";
        return Math.Min(free, total) >= WantedGiB
            ? Finding.Ok("memory", text)
            : Finding.Note("memory", text, $"end other programs: the quickstart needs up to {WantedGiB} GiB");
    }

    private static Finding Disk(string name, string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { Length: > 0 } parent)
            existing = parent;
        try
        {
            var free = new DriveInfo(existing).AvailableFreeSpace / GiB;
            var text = $"{free:F1} GiB free for {folder}";
            return free >= WantedGiB ? Finding.Ok(name, text) : Finding.Note(name, text, "make room: checkpoints and downloads are written there");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Note(name, $"{folder}: {e.Message}", "make the folder readable");
        }
    }

    private static Finding Folder(string name, IReadOnlyList<string> found, string variable, string command) =>
        Finding.Ok(name, found.Count > 0
            ? string.Join(", ", found)
            : $"none here; {variable} names their folder{(command.Length > 0 ? $", or: {command}" : "")}");

    private static string Extensions()
    {
        var flags = ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal) || l.StartsWith("Features", StringComparison.Ordinal));
        var known = (flags ?? "").Split(' ').Intersect(["avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16", "sve"]).ToArray();
        return known.Length > 0 ? $" with {string.Join(", ", known)}" : "";
    }

    private static IEnumerable<string> ReadLines(string file) => File.Exists(file) ? File.ReadLines(file) : [];
}
