using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Doctor;

/// <summary>The instructions and types that are in use, for programs to read.</summary>
internal static class ComputeReport
{
    /// <summary>Adds them to the report; libtorch must be there.</summary>
    public static void AddTo(JsonObject report)
    {
        var (measured, here) = (ComputeDevice.Dtype, ComputeEnvironment.Current);
        report["processor"] = here.Processor;
        report["kernels"] = here.Kernels;
        report["libtorch"] = new JsonObject { ["version"] = here.Libtorch, ["capability"] = here.Capability };
        report["onednn_isa"] = here.OneDnn;
        report["openblas_core"] = here.OpenBlas;
        report["dtype"] = new JsonObject
        {
            ["auto"] = measured.AutoName,
            ["reason"] = measured.Reason,
            ["f32_gflops"] = Math.Round(measured.F32Gflops, 1),
            ["bf16_gflops"] = Math.Round(measured.Bf16Gflops, 1),
            ["bf16_error"] = double.IsFinite(measured.Bf16Error) ? measured.Bf16Error : null,
        };
    }

    /// <summary>The same as a line for people.</summary>
    public static Finding Levels()
    {
        var here = ComputeEnvironment.Current;
        return Finding.Ok(
            "instructions",
            $"kernels {here.Kernels}, libtorch {here.Capability ?? "unknown"}, oneDNN {here.OneDnn ?? "inside libtorch"}, OpenBLAS {here.OpenBlas ?? "none"}"
            + (ProcessorLimit.Requested is { } level ? $" ({ProcessorLimit.Variable}={level})" : ""));
    }
}
