namespace ParallelR1.Models;

/// <summary>The description of a checkpoint's tensor: name, element type and shape (row-major), without its data.</summary>
/// <param name="Name">The name in the checkpoint, e.g. <c>model.layers.0.mlp.up_proj.weight</c>.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Sizes of the dimensions; empty for a scalar.</param>
internal sealed record TensorEntry(string Name, CheckpointDType DType, IReadOnlyList<long> Shape)
{
    /// <summary>Gets the number of elements.</summary>
    /// <exception cref="OverflowException">The shape is impossible.</exception>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Gets the number of bytes of the data.</summary>
    /// <exception cref="OverflowException">The shape is impossible.</exception>
    public long ByteCount => checked(Count * DType.Size());

    /// <summary>Gets the shape as text, e.g. <c>[49152, 576]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}

/// <summary>A tensor to write: its description, and a function that writes its data (exactly <see cref="TensorEntry.ByteCount"/> bytes).</summary>
/// <param name="Entry">Name, type and shape.</param>
/// <param name="WriteTo">Writes the data, little-endian and row-major. Called once.</param>
internal sealed record TensorSource(TensorEntry Entry, Action<Stream> WriteTo)
{
    /// <summary>Creates a source for floats in memory, stored as f32.</summary>
    public static TensorSource FromFloats(string name, float[] values, params long[] shape) => new(
        new TensorEntry(name, CheckpointDType.F32, shape),
        stream => stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values)));
}
