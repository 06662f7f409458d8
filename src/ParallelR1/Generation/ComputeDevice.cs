using System.Globalization;
using ParallelR1.IO;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Chooses the device and the number type of computation, from the available devices and measured speed.</summary>
public static class ComputeDevice
{
    private static readonly Lazy<DtypeMeasurement> s_dtype = new(() => DtypeMeter.Get(Default, Path.Combine(KnownFolders.Cache, "dtype")));

    /// <summary>Gets or sets the device of models that are loaded without one; the CPU by default.</summary>
    public static Device Default { get; set; } = Device.Cpu;

    /// <summary>Parses a device: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <param name="text">The device's name.</param>
    /// <exception cref="UsageException">The text is none of these, or libtorch has no such GPU.</exception>
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
    /// Gets the measured speed and accuracy of the types on the default device, and the type that <c>auto</c> selects. Measured once for each
    /// processor, libtorch, instruction set and number of threads, and stored in the cache; the same value for the whole process.
    /// </summary>
    public static DtypeMeasurement Dtype => s_dtype.Value;
}
