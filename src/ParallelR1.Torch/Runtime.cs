using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>Process-wide facts and settings of libtorch.</summary>
public static unsafe class Runtime
{
    /// <summary>libtorch's version.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)NativeMethods.pr1_torch_version()) ?? "";

    /// <summary>The processor's name.</summary>
    public static string ProcessorName { get; } = ReadProcessorName() ?? RuntimeInformation.ProcessArchitecture.ToString();

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

    /// <summary>
    /// The level of our own kernels: <c>baseline</c>, <c>avx2</c>, <c>avx512</c> or <c>avx512-bf16</c>. The best that the processor has, and not
    /// above what the environment's <c>PARALLELR1_CPU</c> says.
    /// </summary>
    /// <exception cref="TorchException"><c>PARALLELR1_CPU</c> is no level.</exception>
    public static string KernelLevel
    {
        get
        {
            NativeMethods.Check(NativeMethods.pr1_kernel_level(out var name), "kernels");
            return Marshal.PtrToStringUTF8((nint)name) ?? "";
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

    /// <summary>Seeds libtorch's common generators, from which operators draw that are given none. The product draws from <c>RandomKey</c> only.</summary>
    public static void ManualSeed(ulong seed) => NativeMethods.Check(NativeMethods.pr1_manual_seed(seed), "manual seed");

    /// <summary>Asks libtorch for deterministic algorithms only.</summary>
    public static void UseDeterministicAlgorithms(bool value) =>
        NativeMethods.Check(NativeMethods.pr1_set_deterministic(value ? 1 : 0), "deterministic algorithms");

    /// <summary>
    /// Memory of a device. A GPU: its caching allocator. The CPU: what C++ code, tensors above all, has allocated, and as the peak the
    /// largest resident size of the whole process.
    /// </summary>
    /// <exception cref="TorchException">There is no such device, or nothing is known of its memory.</exception>
    public static MemoryStatistics Memory(Device device)
    {
        if (device.Type == "cuda")
        {
            NativeMethods.Check(NativeMethods.pr1_cuda_memory(Math.Max(device.Index, 0), out var used, out var peak, out var held), $"memory of {device}");
            return new MemoryStatistics(used, peak, held);
        }

        if (device.Type != "cpu")
            throw new TorchException($"memory of {device}: known for cpu and cuda");
        NativeMethods.Check(NativeMethods.pr1_host_memory(out var allocated, out var reserved), $"memory of {device}");
        return new MemoryStatistics(allocated, PeakResident(), reserved);
    }

    /// <summary>Counts the peak of a GPU's memory from here on. The CPU's peak is the process's own and stays.</summary>
    public static void ResetPeakMemory(Device device)
    {
        if (device.Type == "cuda")
            NativeMethods.Check(NativeMethods.pr1_cuda_reset_peak(Math.Max(device.Index, 0)), $"peak memory of {device}");
    }

    /// <summary>Gives what the GPUs' allocators hold unused back to the driver, for other programs.</summary>
    public static void EmptyCache() => NativeMethods.Check(NativeMethods.pr1_cuda_empty_cache(), "empty cache");

    /// <summary>
    /// Gives the processor's memory that tensors no longer use back to the system where it is more than <paramref name="limit"/> bytes. What is
    /// kept is there for the next tensors; taking it again costs page faults, so what is done often should not call it every time.
    /// </summary>
    public static void TrimHostMemory(long limit = 1L << 30) => NativeMethods.Check(NativeMethods.pr1_trim_host_memory(limit), "trim memory");

    /// <summary>Limits our own kernels to a level, for the whole process; null: what the environment says.</summary>
    /// <returns>The level in use, which is lower where the processor has less.</returns>
    internal static string LimitKernels(string? level)
    {
        NativeMethods.Check(NativeMethods.pr1_set_kernel_level(level), "kernels");
        return KernelLevel;
    }

    private static string? ReadProcessorName()
    {
        const string File = "/proc/cpuinfo";
        return System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
    }

    private static long PeakResident()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}

/// <summary>Memory of a device, in bytes.</summary>
/// <param name="Allocated">In use now.</param>
/// <param name="Peak">In use at most so far.</param>
/// <param name="Reserved">Taken from the system or the driver now, in use or not.</param>
public readonly record struct MemoryStatistics(long Allocated, long Peak, long Reserved);

/// <summary>libtorch refused: the message names the operator, the shapes and dtypes of its tensors, and libtorch's reason.</summary>
public sealed class TorchException(string message, Exception? inner = null) : Exception(message, inner);
