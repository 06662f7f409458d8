using System.Diagnostics;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Chooses where and in which type to compute, by what is there and what is measured.</summary>
public static class ComputeDevice
{
    /// <summary>The first GPU that libtorch can use, else the CPU.</summary>
    public static Device Default => Runtime.CudaDevices > 0 ? Device.Cuda() : Device.Cpu;

    /// <summary>bf16 where products of this width are clearly faster in it than in f32, else f32.</summary>
    /// <param name="width">Hidden size of the model.</param>
    public static ScalarType FastestType(int width)
    {
        var (single, half) = (Seconds(ScalarType.Float32, width), Seconds(ScalarType.BFloat16, width));
        return half * 1.3 < single ? ScalarType.BFloat16 : ScalarType.Float32;
    }

    private static double Seconds(ScalarType type, int width)
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        var (x, w) = (Tensor.Full([512, width], 0.5, type, Default), Tensor.Full([4L * width, width], 0.25, type, Default));
        x.Linear(w).Sum().Item();
        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            x.Linear(w).Sum().Item();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }
}
