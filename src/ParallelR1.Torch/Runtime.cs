using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>Process-wide facts and settings of libtorch.</summary>
public static unsafe class Runtime
{
    /// <summary>libtorch's version.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)NativeMethods.pr1_torch_version()) ?? "";

    /// <summary>How libtorch was built and what it runs in parallel with.</summary>
    public static string BuildInfo
    {
        get
        {
            var text = stackalloc byte[8192];
            NativeMethods.Check(NativeMethods.pr1_build_info(text, 8192), "build info");
            return Marshal.PtrToStringUTF8((nint)text) ?? "";
        }
    }

    /// <summary>Threads that one operator may use.</summary>
    public static int Threads
    {
        get => NativeMethods.pr1_threads();
        set => NativeMethods.Check(NativeMethods.pr1_set_threads(value), $"set threads to {value}");
    }

    /// <summary>CUDA devices that libtorch can use.</summary>
    public static int CudaDevices => NativeMethods.pr1_cuda_devices();

    /// <summary>Handles to tensors that were created and not yet freed, over all threads.</summary>
    public static long LiveTensors => NativeMethods.pr1_live_tensors();

    /// <summary>Seeds libtorch's own generators (which the product does not draw from).</summary>
    public static void ManualSeed(ulong seed) => NativeMethods.Check(NativeMethods.pr1_manual_seed(seed), "manual seed");

    /// <summary>Asks libtorch for deterministic algorithms only.</summary>
    public static void UseDeterministicAlgorithms(bool value) =>
        NativeMethods.Check(NativeMethods.pr1_set_deterministic(value ? 1 : 0), "deterministic algorithms");

    /// <summary>Bytes of a GPU's caching allocator; zeros without CUDA.</summary>
    public static (long Allocated, long Peak, long Reserved) CudaMemory(int device = 0)
    {
        NativeMethods.Check(NativeMethods.pr1_cuda_memory(device, out var allocated, out var peak, out var reserved), "memory statistics");
        return (allocated, peak, reserved);
    }
}
