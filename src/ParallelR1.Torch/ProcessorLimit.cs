using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ParallelR1.Torch;

/// <summary>
/// Limits the instruction set with <c>PARALLELR1_CPU=baseline|avx2|avx512|avx512-bf16</c>: our kernels, libtorch, oneDNN and the BLAS then
/// compute as on a processor of that level. Without it, only OpenBLAS is told what the processor supports.
/// </summary>
public static class ProcessorLimit
{
    /// <summary>Name of the environment variable.</summary>
    public const string Variable = "PARALLELR1_CPU";

    private static readonly (string Name, (string Variable, string Value)[] Settings)[] s_levels =
    [
        ("baseline", Settings("default", "SSE41", "Nehalem", "SSE4_2")),
        ("avx2", Settings("avx2", "AVX2", "Haswell", "AVX2")),
        ("avx512", Settings("avx512", "AVX512_CORE", "SkylakeX", "AVX512")),
        ("avx512-bf16", Settings("avx512", "AVX512_CORE_BF16", "Cooperlake", "AVX512_E3")),
    ];

    /// <summary>Gets the level that the environment requests; null if it requests none.</summary>
    /// <exception cref="TorchException">The variable's value is not a level.</exception>
    public static string? Requested
    {
        get
        {
            if (ProcessEnvironment.Get(Variable) is not { } level)
                return null;
            return IndexOf(level) >= 0
                ? level
                : throw new TorchException($"{Variable} is '{level}'; it must be {string.Join(", ", s_levels[..^1].Select(l => l.Name))} or {s_levels[^1].Name}, or unset");
        }
    }

    /// <summary>Gets the instruction set that oneDNN is limited to; null if it is not limited.</summary>
    public static string? OneDnn => Effective() is { } level ? s_levels[level].Settings[1].Value : null;

    /// <summary>
    /// Sets the environment variables. Must be called before libtorch is loaded, when the libraries read them. A level above the processor's is
    /// ignored, since the libraries would use instructions that the processor does not have.
    /// </summary>
    internal static void Apply()
    {
        if (Effective() is { } level)
        {
            foreach (var (variable, value) in s_levels[level].Settings)
                ProcessEnvironment.Set(variable, value, overwrite: true);
        }

        // OpenBLAS selects kernels by the processor's model number, and uses its oldest kernels for models that it does not know: a fifth of
        // the speed. So it is told what the processor supports; the user's environment has priority.
        if (X86Base.IsSupported && Math.Min(Best(), 2) is var known and > 0)
            ProcessEnvironment.Set("OPENBLAS_CORETYPE", s_levels[known].Settings.Single(setting => setting.Variable == "OPENBLAS_CORETYPE").Value);
    }

    private static int? Effective() =>
        Requested is { } level && X86Base.IsSupported && IndexOf(level) <= Best() ? IndexOf(level) : null;

    private static (string Variable, string Value)[] Settings(string torch, string oneDnn, string openBlas, string mkl) =>
    [
        ("ATEN_CPU_CAPABILITY", torch), ("ONEDNN_MAX_CPU_ISA", oneDnn), ("DNNL_MAX_CPU_ISA", oneDnn), ("OPENBLAS_CORETYPE", openBlas), ("MKL_ENABLE_INSTRUCTIONS", mkl),
    ];

    private static int IndexOf(string level) => Array.FindIndex(s_levels, l => l.Name == level);

    private static int Best()
    {
        if (!Avx2.IsSupported || !Fma.IsSupported)
            return 0;
        if (!Avx512BW.VL.IsSupported || !Avx512DQ.VL.IsSupported)
            return 1;
        const int LeafOfExtensions = 7, BFloat16Bit = 5;
        return (X86Base.CpuId(LeafOfExtensions, 1).Eax >> BFloat16Bit & 1) == 1 ? 3 : 2;
    }
}

/// <summary>The environment as seen by native libraries of this process; .NET only changes its own copy.</summary>
internal static partial class ProcessEnvironment
{
    /// <summary>Sets a variable; an existing value is kept unless <paramref name="overwrite"/> is set.</summary>
    public static void Set(string name, string value, bool overwrite = false) => _ = SetInProcess(name, value, overwrite ? 1 : 0);

#pragma warning disable RS0030 // the one place of this library that reads the environment
    /// <summary>Gets a variable; null if it is not set or empty.</summary>
    public static string? Get(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
#pragma warning restore RS0030

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetInProcess(string name, string value, int overwrite);
}
