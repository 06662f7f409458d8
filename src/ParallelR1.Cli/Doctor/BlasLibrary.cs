using System.Runtime.InteropServices;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Doctor;

/// <summary>The library that computes libtorch's f32 matrix products, found among the files that this process has mapped.</summary>
internal static class BlasLibrary
{
    private const string OpenMp = "libopenblas0-openmp";

    private const string Install = $"apt-get install -y {OpenMp}, then remove native/build and start again";

    public static Finding Examine() => Judge(ComputeEnvironment.MappedFiles(), ReadConfig);

    /// <summary>Names the library among mapped files, and says what is wrong with it.</summary>
    public static Finding Judge(IReadOnlyList<string> mapped, Func<string, string?> config)
    {
        string? Named(string start) => mapped.FirstOrDefault(f => Path.GetFileName(f).StartsWith(start, StringComparison.Ordinal));

        if (Named("libopenblas") is { } open)
        {
            var text = $"{config(open) ?? "OpenBLAS"} ({open})";
            return text.Contains("USE_OPENMP", StringComparison.Ordinal) || !text.Contains("OpenBLAS 0", StringComparison.Ordinal)
                ? Finding.Ok("BLAS", text)
                : Finding.Note("BLAS", $"{text}: its threads are its own and contend with libtorch's", Install);
        }

        if (Named("libmkl") is { } mkl)
            return Finding.Ok("BLAS", $"MKL ({mkl})");
        if (Named("libblis") is { } blis)
            return Finding.Ok("BLAS", $"BLIS ({blis})");
        return Named("libblas.so") is { } reference
            ? Finding.Wrong("BLAS", $"the reference BLAS ({reference}), which is slow", Install)
            : Finding.Ok("BLAS", "inside libtorch");
    }

    /// <summary>OpenBLAS's own line on its version, options and kernel.</summary>
    private static unsafe string? ReadConfig(string file)
    {
        if (!NativeLibrary.TryLoad(file, out var library) || !NativeLibrary.TryGetExport(library, "openblas_get_config", out var function))
            return null;
        return Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)function)())?.Trim();
    }
}
