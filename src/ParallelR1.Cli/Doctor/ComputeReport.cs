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
        var measured = ComputeDevice.Dtype;
        report["processor"] = Runtime.ProcessorName;
        report["kernels"] = Runtime.KernelLevel;
        report["libtorch"] = new JsonObject { ["version"] = Runtime.Version, ["capability"] = Libraries.Capability };
        report["onednn_isa"] = Libraries.OneDnn;
        report["openblas_core"] = Libraries.OpenBlas;
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
    public static Finding Levels() => Finding.Ok(
        "instructions",
        $"kernels {Runtime.KernelLevel}, libtorch {Libraries.Capability ?? "unknown"}, oneDNN {Libraries.OneDnn ?? "inside libtorch"}, OpenBLAS {Libraries.OpenBlas ?? "none"}"
        + (ProcessorLimit.Requested is { } level ? $" ({ProcessorLimit.Variable}={level})" : ""));
}
