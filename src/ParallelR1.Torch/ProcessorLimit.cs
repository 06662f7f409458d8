using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ParallelR1.Torch;

/// <summary>
/// <c>PARALLELR1_CPU=baseline|avx2|avx512|avx512-bf16</c>: everything computes as on a lesser processor, our kernels, libtorch, oneDNN and
/// the BLAS. Without it only OpenBLAS is told what the processor has.
/// </summary>
public static class ProcessorLimit
{
    /// <summary>The variable of the environment.</summary>
    public const string Variable = "PARALLELR1_CPU";

    private static readonly (string Name, (string Variable, string Value)[] Settings)[] s_levels =
    [
        ("baseline", Settings("default", "SSE41", "Nehalem", "SSE4_2")),
        ("avx2", Settings("avx2", "AVX2", "Haswell", "AVX2")),
        ("avx512", Settings("avx512", "AVX512_CORE", "SkylakeX", "AVX512")),
        ("avx512-bf16", Settings("avx512", "AVX512_CORE_BF16", "Cooperlake", "AVX512_E3")),
    ];

    /// <summary>The level that the environment asks for; null where it asks for none.</summary>
    /// <exception cref="TorchException">It is no level.</exception>
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

    /// <summary>What oneDNN was told; null where nothing was.</summary>
    public static string? OneDnn => Effective() is { } level ? s_levels[level].Settings[1].Value : null;

    /// <summary>
    /// Called before libtorch is loaded, because the libraries read their variables then. A level above the processor's sets nothing: the
    /// libraries would believe it and use instructions that are not there.
    /// </summary>
    internal static void Apply()
    {
        if (Effective() is { } level)
        {
            foreach (var (variable, value) in s_levels[level].Settings)
                ProcessEnvironment.Set(variable, value, overwrite: true);
        }

        // OpenBLAS goes by the processor's model number, and takes its oldest kernels for models that are younger than it is: a fifth of the
        // speed. What the processor has is told to it; what the user's environment says comes first.
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

/// <summary>The environment as native libraries of this process read it; .NET changes only a copy of its own.</summary>
internal static partial class ProcessEnvironment
{
    /// <summary>Sets a variable; one that is there stays, unless <paramref name="overwrite"/>.</summary>
    public static void Set(string name, string value, bool overwrite = false) => _ = SetInProcess(name, value, overwrite ? 1 : 0);

#pragma warning disable RS0030 // the one place of this library that reads the environment
    /// <summary>A variable; null where it is not set or empty.</summary>
    public static string? Get(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
#pragma warning restore RS0030

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetInProcess(string name, string value, int overwrite);
}
