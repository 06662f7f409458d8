namespace ParallelR1.Models;

/// <summary>What a safetensors header says: its tensors with their places, and its metadata.</summary>
internal sealed class SafetensorsTable
{
    public Dictionary<string, LocatedTensor> Located { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);
}
