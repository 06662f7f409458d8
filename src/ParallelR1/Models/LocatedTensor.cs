namespace ParallelR1.Models;

/// <summary>A tensor and where its bytes lie, counted from the beginning of the data.</summary>
internal readonly record struct LocatedTensor(TensorEntry Entry, long Offset, long Length);
