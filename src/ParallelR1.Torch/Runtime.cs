using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>Process-wide information about libtorch, and its settings.</summary>
public static unsafe class Runtime
{
    /// <summary>Gets libtorch's version.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)NativeMethods.pr1_torch_version()) ?? "";

    /// <summary>Gets the processor's name.</summary>
    public static string ProcessorName { get; } = ReadProcessorName() ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>Gets how libtorch was built, and its libraries for parallel execution.</summary>
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
    /// Gets the level of our own kernels: <c>baseline</c>, <c>avx2</c>, <c>avx512</c> or <c>avx512-bf16</c>. It is the highest level that the
    /// processor supports, limited by the environment variable <c>PARALLELR1_CPU</c>.
    /// </summary>
    /// <exception cref="TorchException"><c>PARALLELR1_CPU</c> is not a level.</exception>
    public static string KernelLevel
    {
        get
        {
            NativeMethods.Check(NativeMethods.pr1_kernel_level(out var name), "kernels");
            return Marshal.PtrToStringUTF8((nint)name) ?? "";
        }
    }

    /// <summary>Gets or sets the number of threads that one operator may use.</summary>
    public static int Threads
    {
        get => NativeMethods.pr1_threads();
        set => NativeMethods.Check(NativeMethods.pr1_set_threads(value), $"set threads to {value}");
    }

    /// <summary>Gets the number of CUDA devices that libtorch can use.</summary>
    public static int CudaDevices => NativeMethods.pr1_cuda_devices();

    /// <summary>Gets the number of tensor handles that were created and not yet freed, on all threads.</summary>
    public static long LiveTensors => NativeMethods.pr1_live_tensors();

    /// <summary>Seeds libtorch's default generators, which operators without a generator argument use. Parallel-R1 itself uses only <c>RandomKey</c>.</summary>
    /// <param name="seed">The seed.</param>
    public static void ManualSeed(ulong seed) => NativeMethods.Check(NativeMethods.pr1_manual_seed(seed), "manual seed");

    /// <summary>Sets whether libtorch may use only deterministic algorithms.</summary>
    /// <param name="value">Whether it may.</param>
    public static void UseDeterministicAlgorithms(bool value) =>
        NativeMethods.Check(NativeMethods.pr1_set_deterministic(value ? 1 : 0), "deterministic algorithms");

    /// <summary>
    /// Gets the memory use of a device. For a GPU: of its caching allocator. For the CPU: the memory allocated by C++ code, mainly tensors; the
    /// peak is the largest resident size of the whole process.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <exception cref="TorchException">There is no such device, or its memory use is not known.</exception>
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

    /// <summary>Resets the peak of a GPU's memory use. The CPU's peak is that of the process and cannot be reset.</summary>
    /// <param name="device">The device.</param>
    public static void ResetPeakMemory(Device device)
    {
        if (device.Type == "cuda")
            NativeMethods.Check(NativeMethods.pr1_cuda_reset_peak(Math.Max(device.Index, 0)), $"peak memory of {device}");
    }

    /// <summary>Returns unused memory of the GPUs' allocators to the driver, for other programs.</summary>
    public static void EmptyCache() => NativeMethods.Check(NativeMethods.pr1_cuda_empty_cache(), "empty cache");

    /// <summary>
    /// Returns CPU memory that tensors no longer use to the system, if it is more than <paramref name="limit"/> bytes. Memory that is kept is
    /// reused for new tensors; getting returned memory back costs page faults, so this should not be called too often.
    /// </summary>
    public static void TrimHostMemory(long limit = 1L << 30) => NativeMethods.Check(NativeMethods.pr1_trim_host_memory(limit), "trim memory");

    /// <summary>Limits our own kernels to a level, for the whole process; null for the level of the environment.</summary>
    /// <returns>The level in use, which is lower if the processor does not support the given one.</returns>
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
/// <param name="Allocated">Memory in use.</param>
/// <param name="Peak">Largest amount of memory in use so far.</param>
/// <param name="Reserved">Memory obtained from the system or the driver, whether in use or not.</param>
public readonly record struct MemoryStatistics(long Allocated, long Peak, long Reserved);

/// <summary>An error of libtorch: the message names the operator, the shapes and types of its tensors, and libtorch's reason.</summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, if any.</param>
public sealed class TorchException(string message, Exception? inner = null) : Exception(message, inner);
