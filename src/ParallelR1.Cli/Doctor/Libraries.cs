using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Doctor;

/// <summary>Which instructions libtorch and the libraries below it use, as they say themselves. They must have been loaded and at work.</summary>
internal static partial class Libraries
{
    /// <summary>libtorch's own operators, such as <c>AVX2</c>.</summary>
    public static string? Capability => CapabilityPattern().Match(Runtime.BuildInfo) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>oneDNN, such as <c>AVX2</c>; null where it is not a library of its own and the environment does not limit it.</summary>
    public static unsafe string? OneDnn => Mapped("libdnnl") is { } file && Export(file, "dnnl_get_effective_cpu_isa") is var function and not 0
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

    /// <summary>OpenBLAS, such as <c>Haswell</c>; null where there is none.</summary>
    public static unsafe string? OpenBlas => Mapped("libopenblas") is { } file && Export(file, "openblas_get_corename") is var function and not 0
        ? Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)function)())
        : null;

    private static string? Mapped(string start) => BlasLibrary.MappedFiles().FirstOrDefault(f => Path.GetFileName(f).StartsWith(start, StringComparison.Ordinal));

    private static nint Export(string file, string name) =>
        NativeLibrary.TryLoad(file, out var library) && NativeLibrary.TryGetExport(library, name, out var function) ? function : 0;

    [GeneratedRegex(@"CPU capability usage: (\w+)")]
    private static partial Regex CapabilityPattern();
}
