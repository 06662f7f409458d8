namespace ParallelR1.Models;

/// <summary>A tensor to be written: what it is, and the delivery of its bytes (exactly <see cref="TensorEntry.ByteCount"/> of them).</summary>
/// <param name="Entry">Name, type and shape.</param>
/// <param name="WriteTo">Writes the data, little-endian and row-major. Called once, when its turn comes.</param>
public sealed record TensorSource(TensorEntry Entry, Action<Stream> WriteTo)
{
    /// <summary>A tensor whose floats lie in memory, stored as f32.</summary>
    public static TensorSource FromFloats(string name, float[] values, params long[] shape) => new(
        new TensorEntry(name, CheckpointDType.F32, shape),
        stream => stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values)));
}
