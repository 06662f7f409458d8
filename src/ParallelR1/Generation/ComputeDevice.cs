using ParallelR1.IO;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Chooses where and in which type to compute, by what is there and what is measured.</summary>
public static class ComputeDevice
{
    private static readonly Lazy<DtypeMeasurement> s_dtype = new(() => DtypeMeter.Get(Default, Path.Combine(KnownFolders.Cache, "dtype")));

    /// <summary>The first GPU that libtorch can use, else the CPU.</summary>
    public static Device Default => Runtime.CudaDevices > 0 ? Device.Cuda() : Device.Cpu;

    /// <summary>
    /// How the types do here, and what <c>auto</c> takes. Measured once for each processor, libtorch, level and number of threads, and kept in
    /// the cache; one answer for the whole process.
    /// </summary>
    public static DtypeMeasurement Dtype => s_dtype.Value;
}
