using System.Globalization;
using ParallelR1.IO;

namespace ParallelR1.Generation;

/// <summary>Limits of an engine: how many responses are decoded at once, and the memory for their keys and values.</summary>
public sealed record EngineLimits
{
    private const double Share = 0.25;
    private const long Least = 64L << 20;

    /// <summary>Gets the maximum number of requests decoded together, 256 by default.</summary>
    [Bounds(1, int.MaxValue)]
    public int Sequences { get; init => field = Options.Checked(this, value); } = 256;

    /// <summary>Gets the maximum number of bytes of keys and values (a single request may exceed it); null, the default, for a quarter of the free memory.</summary>
    [Bounds(1, long.MaxValue)]
    public long? CacheBytes { get; init => field = Options.Checked(this, value); }

    /// <summary>Gets whether keys and values of prompts are kept for later requests that begin with the same tokens; false by default.</summary>
    public bool PrefixCache { get; init; }

    /// <summary>Gets whether a step may run as one fused operator if supported (on the CPU, in f32 or bf16), or is always composed of libtorch's operators.</summary>
    internal bool Fused { get; init; } = true;

    /// <summary>Replaces defaults that depend on the machine with their values.</summary>
    /// <returns>The same limits, with <see cref="CacheBytes"/> set.</returns>
    public EngineLimits Resolve() => CacheBytes is null ? this with { CacheBytes = Math.Max(Least, (long)(Share * MachineMemory.Available())) } : this;

    /// <summary>Describes the limits in words.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"keys and values take at most {Resolve().CacheBytes!.Value / (double)(1 << 20):F0} MiB{(CacheBytes is null ? " (a quarter of the free memory)" : "")}, at most {Sequences} sequences at once");

    /// <summary>Gets the number of pages that fit.</summary>
    internal int Pages(long entryBytes) => (int)Math.Clamp(Resolve().CacheBytes!.Value / (entryBytes * PagePool.PageSize), 1, int.MaxValue / PagePool.PageSize);
}
