using System.Diagnostics;
using System.Text.Json.Nodes;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

/// <summary>The libraries read the limit when they are loaded, so each test is a process of its own.</summary>
public sealed class ProcessorLimitTests
{
    [Theory]
    [InlineData("baseline", "baseline", "DEFAULT", "SSE41", "Nehalem")]
    [InlineData("avx2", "avx2", "AVX2", "AVX2", "Haswell")]
    public void A_limit_holds_for_every_library(string limit, string kernels, string torch, string oneDnn, string openBlas)
    {
        Assert.SkipUnless(limit == "baseline" || System.Runtime.Intrinsics.X86.Avx2.IsSupported, "this processor has no AVX2");
        var (_, output, error) = Run(limit, "doctor", "--json");
        var report = JsonNode.Parse(output) ?? throw new InvalidDataException(error);

        Assert.Equal(kernels, (string?)report["kernels"]);
        // Debian's libtorch names its lowest level otherwise than PyTorch does.
        Assert.Contains((string?)report["libtorch"]!["capability"], new[] { torch, torch == "DEFAULT" ? "NO" : torch });
        Assert.Contains((string?)report["onednn_isa"], new[] { oneDnn, null });
        Assert.Contains((string?)report["openblas_core"], new[] { openBlas, null });
        Assert.Contains((string?)report["dtype"]!["auto"], new[] { "f32", "bf16" });
    }

    [Fact]
    public void An_unknown_limit_is_wrong_usage()
    {
        var (status, _, error) = Run("sse9", "doctor");

        Assert.Equal(2, status);
        Assert.Contains("PARALLELR1_CPU is 'sse9'; it must be baseline, avx2, avx512 or avx512-bf16", error, StringComparison.Ordinal);
    }

    private static (int Status, string Output, string Error) Run(string limit, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "parallel-r1.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ProcessorLimit.Variable] = limit;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
