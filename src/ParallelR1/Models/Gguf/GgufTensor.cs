namespace ParallelR1.Models.Gguf;

/// <summary>A tensor of a GGUF file; the shape is row-major as in checkpoints (the file lists the sizes the other way round).</summary>
internal sealed record GgufTensor(string Name, GgufType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    public long RowLength => Shape.Count == 0 ? 1 : Shape[^1];

    public long Rows => Shape.SkipLast(1).Aggregate(1L, (a, b) => a * b);

    public int RowBytes => checked((int)(RowLength / Type.Block().Elements * Type.Block().Bytes));

    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
