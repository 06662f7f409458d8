using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>How much is decoded at once.</summary>
public sealed record EngineLimits
{
    /// <summary>Sequences decoded together at most.</summary>
    [Bounds(1, int.MaxValue)]
    public int Sequences { get; init => field = Options.Checked(this, value); } = 256;

    /// <summary>Bytes of keys and values at most (one sequence is always decoded).</summary>
    [Bounds(1, long.MaxValue)]
    public long CacheBytes { get; init => field = Options.Checked(this, value); } = 2L << 30;

    /// <summary>Gets whether a step may be one operator where that is possible (on the CPU, in f32 or bf16); else it is composed from libtorch's operators.</summary>
    internal bool Fused { get; init; } = true;

    /// <summary>Sequences whose cache fits.</summary>
    internal int Slots(ModelConfig config, int requests, int tokens, ScalarType type)
    {
        var bytesPerToken = 2L * config.Layers * config.KeyValueHeads * config.HeadDim * (type is ScalarType.BFloat16 or ScalarType.Float16 ? 2 : 4);
        var fit = Math.Max(1, CacheBytes / (bytesPerToken * Math.Max(1, tokens)));
        return (int)Math.Min(Math.Min(requests, Sequences), fit);
    }
}
