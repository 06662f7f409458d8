using System.Globalization;
using ParallelR1.IO;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Chooses where and in which type to compute, by what is there and what is measured.</summary>
public static class ComputeDevice
{
    private static readonly Lazy<DtypeMeasurement> s_dtype = new(() => DtypeMeter.Get(Default, Path.Combine(KnownFolders.Cache, "dtype")));

    /// <summary>Gets or sets where models are put that are given no device: the CPU, unless the program's user chose another.</summary>
    public static Device Default { get; set; } = Device.Cpu;

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <exception cref="UsageException">It is none of these, or libtorch has no such GPU.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "cpu")
            return Device.Cpu;
        var index = 0;
        if (text != "cuda" && !(text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index)))
            throw new UsageException($"'{text}' is no device: expected cpu, cuda or cuda:N");
        return index < Runtime.CudaDevices
            ? Device.Cuda(index)
            : throw new UsageException(Runtime.CudaDevices == 0
                ? $"{text}: this libtorch ({Runtime.Version}) finds no CUDA device; use --device cpu, or a CUDA build of PyTorch (LIBTORCH=DIR)"
                : $"{text}: there are {Runtime.CudaDevices} CUDA devices, counted from 0");
    }

    /// <summary>
    /// How the types do here, and what <c>auto</c> takes. Measured once for each processor, libtorch, level and number of threads, and kept in
    /// the cache; one answer for the whole process.
    /// </summary>
    public static DtypeMeasurement Dtype => s_dtype.Value;
}
