namespace ParallelR1.Models;

/// <summary>One tensor of a checkpoint: name, element type and shape (row-major), without its data.</summary>
/// <param name="Name">The checkpoint's name, e.g. <c>model.layers.0.mlp.up_proj.weight</c>.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Sizes of the dimensions; empty for a scalar.</param>
internal sealed record TensorEntry(string Name, CheckpointDType DType, IReadOnlyList<long> Shape)
{
    /// <summary>Number of elements.</summary>
    /// <exception cref="OverflowException">The shape is impossible.</exception>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Bytes of the data.</summary>
    /// <exception cref="OverflowException">The shape is impossible.</exception>
    public long ByteCount => checked(Count * DType.Size());

    /// <summary>The shape as text, e.g. <c>[49152, 576]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}

/// <summary>A tensor to be written: what it is, and the delivery of its bytes (exactly <see cref="TensorEntry.ByteCount"/> of them).</summary>
/// <param name="Entry">Name, type and shape.</param>
/// <param name="WriteTo">Writes the data, little-endian and row-major. Called once, when its turn comes.</param>
internal sealed record TensorSource(TensorEntry Entry, Action<Stream> WriteTo)
{
    /// <summary>A tensor whose floats lie in memory, stored as f32.</summary>
    public static TensorSource FromFloats(string name, float[] values, params long[] shape) => new(
        new TensorEntry(name, CheckpointDType.F32, shape),
        stream => stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values)));
}
