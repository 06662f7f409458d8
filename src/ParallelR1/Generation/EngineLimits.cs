using System.Globalization;
using ParallelR1.IO;

namespace ParallelR1.Generation;

/// <summary>How much is decoded at once.</summary>
public sealed record EngineLimits
{
    private const double Share = 0.25;
    private const long Least = 64L << 20;

    /// <summary>Requests decoded together at most, 256 by default.</summary>
    [Bounds(1, int.MaxValue)]
    public int Sequences { get; init => field = Options.Checked(this, value); } = 256;

    /// <summary>Bytes of keys and values at most (a request that is alone gets what it needs); null, the default: a quarter of the memory that is free.</summary>
    [Bounds(1, long.MaxValue)]
    public long? CacheBytes { get; init => field = Options.Checked(this, value); }

    /// <summary>Keep the keys and values of prompts for later requests that begin with the same tokens.</summary>
    public bool PrefixCache { get; init; }

    /// <summary>Gets whether a step may be one operator where that is possible (on the CPU, in f32 or bf16); else it is composed from libtorch's operators.</summary>
    internal bool Fused { get; init; } = true;

    /// <summary>The same with what depends on the machine filled in.</summary>
    public EngineLimits Resolve() => CacheBytes is null ? this with { CacheBytes = Math.Max(Least, (long)(Share * MachineMemory.Available())) } : this;

    /// <summary>The limits in words.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"keys and values take at most {Resolve().CacheBytes!.Value / (double)(1 << 20):F0} MiB{(CacheBytes is null ? " (a quarter of the free memory)" : "")}, at most {Sequences} sequences at once");

    /// <summary>Pages that fit.</summary>
    internal int Pages(long entryBytes) => (int)Math.Clamp(Resolve().CacheBytes!.Value / (entryBytes * PagePool.PageSize), 1, int.MaxValue / PagePool.PageSize);
}
