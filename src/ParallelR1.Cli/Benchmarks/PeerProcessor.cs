using ParallelR1.Torch;

namespace ParallelR1.Cli.Benchmarks;

/// <summary>Holds a peer to the level of processor that <c>PARALLELR1_CPU</c> holds us to: every library in it reads a variable of its own.</summary>
internal static class PeerProcessor
{
    public static void Limit(IDictionary<string, string?> environment)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PARALLELR1_CPU")))
            return;
        var (aten, onednn, mkl, openblas) = Runtime.KernelLevel switch
        {
            "baseline" => ("default", "SSE41", "SSE4_2", "Nehalem"),
            "avx2" => ("avx2", "AVX2", "AVX2", "Haswell"),
            "avx512" => ("avx512", "AVX512_CORE", "AVX512", "SkylakeX"),
            _ => ("avx512", "AVX512_CORE_BF16", "AVX512", "Cooperlake"),
        };
        environment["ATEN_CPU_CAPABILITY"] = aten;
        environment["ONEDNN_MAX_CPU_ISA"] = environment["DNNL_MAX_CPU_ISA"] = onednn;
        environment["MKL_ENABLE_INSTRUCTIONS"] = mkl;
        environment["OPENBLAS_CORETYPE"] = openblas;
    }
}
