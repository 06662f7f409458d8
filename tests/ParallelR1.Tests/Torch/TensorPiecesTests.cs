using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

/// <summary>Tensors larger than a span go to and come from files piece by piece; here with small pieces.</summary>
public sealed class TensorPiecesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(48)]
    [InlineData(1 << 20)]
    public void Pieces_of_any_size_make_the_same_tensor(int pieceBytes)
    {
        using var scope = new TensorScope();
        var values = Enumerable.Range(0, 12).Select(i => i * 0.5f).ToArray();
        using var stream = new MemoryStream();

        Tensor.From(values, 3, 4).WriteTo(stream, pieceBytes);
        var bytes = stream.ToArray();
        var read = Tensor.FromPieces((offset, length) => bytes.AsSpan((int)offset, length), ScalarType.Float32, [3, 4], pieceBytes);

        Assert.Equal(values, read.ToArray<float>());
        Assert.Equal([3, 4], read.Shape);
    }
}
