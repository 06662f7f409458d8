using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ParallelR1.Torch;

/// <summary>
/// Describes the hardware and libraries that compute: everything that affects the speed of an operator, and the last bits of its result. The
/// values are reported by the libraries themselves, not taken from their settings.
/// </summary>
public sealed partial record ComputeEnvironment
{
    /// <summary>Gets the processor's name.</summary>
    public required string Processor { get; init; }

    /// <summary>Gets libtorch's version.</summary>
    public required string Libtorch { get; init; }

    /// <summary>Gets the instruction set of libtorch's own operators, such as <c>AVX2</c>; null if libtorch does not report it.</summary>
    public required string? Capability { get; init; }

    /// <summary>Gets the level of our own kernels, see <see cref="Runtime.KernelLevel"/>.</summary>
    public required string Kernels { get; init; }

    /// <summary>Gets oneDNN's instruction set, such as <c>AVX2</c>; null if it is not a separate library and the environment does not limit it.</summary>
    public required string? OneDnn { get; init; }

    /// <summary>Gets OpenBLAS's kernels, such as <c>Haswell</c>; null if there is no OpenBLAS.</summary>
    public required string? OpenBlas { get; init; }

    /// <summary>Gets the number of threads that one operator may use.</summary>
    public required int Threads { get; init; }

    /// <summary>Gets the current environment of this process.</summary>
    public static ComputeEnvironment Current => new()
    {
        Processor = Runtime.ProcessorName,
        Libtorch = Runtime.Version,
        Capability = CapabilityPattern().Match(Runtime.BuildInfo) is { Success: true } match ? match.Groups[1].Value : null,
        Kernels = Runtime.KernelLevel,
        OneDnn = ReadOneDnn(),
        OpenBlas = ReadOpenBlas(),
        Threads = Runtime.Threads,
    };

    /// <summary>Gets the files that this process has mapped, including its libraries.</summary>
    /// <returns>Paths without duplicates.</returns>
    public static IReadOnlyList<string> MappedFiles() =>
    [
        .. File.ReadLines("/proc/self/maps")
            .Select(line => line.IndexOf('/', StringComparison.Ordinal) is var at and >= 0 ? line[at..] : "")
            .Distinct(),
    ];

    private static unsafe string? ReadOneDnn() => Mapped("libdnnl") is { } file && Export(file, "dnnl_get_effective_cpu_isa") is var function and not 0
        ? ((delegate* unmanaged<int>)function)() switch
        {
            0x0 => "ALL",
            0x1 => "SSE41",
            0x3 => "AVX",
            0x7 => "AVX2",
            0xf => "AVX2_VNNI",
            0x27 => "AVX512_CORE",
            0x67 => "AVX512_CORE_VNNI",
            0xe7 => "AVX512_CORE_BF16",
            0x1ef => "AVX512_CORE_FP16",
            0x3e7 or 0xfe7 or 0xfef => "AVX512_CORE_AMX",
            var other => $"0x{other:x}",
        }
        : ProcessorLimit.OneDnn;

    private static unsafe string? ReadOpenBlas() => Mapped("libopenblas") is { } file && Export(file, "openblas_get_corename") is var function and not 0
        ? Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)function)())
        : null;

    private static string? Mapped(string start) => MappedFiles().FirstOrDefault(f => Path.GetFileName(f).StartsWith(start, StringComparison.Ordinal));

    private static nint Export(string file, string name) =>
        NativeLibrary.TryLoad(file, out var library) && NativeLibrary.TryGetExport(library, name, out var function) ? function : 0;

    [GeneratedRegex(@"CPU capability usage: (\w+)")]
    private static partial Regex CapabilityPattern();
}
