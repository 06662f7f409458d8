namespace ParallelR1.Models.Gguf;

/// <summary>Converts a GGUF tensor to a checkpoint tensor: dequantises it row by row and restores the row order of Hugging Face.</summary>
internal static class GgufTensorWriter
{
    /// <summary>
    /// Creates the source of a tensor with its checkpoint name. For Llama, converters interleave the two halves of every head's query and key
    /// rows (for pairwise rotation); <paramref name="headDim"/> above 0 undoes that.
    /// </summary>
    public static TensorSource Source(GgufFile file, GgufTensor tensor, string name, long[] shape, CheckpointDType type, int headDim, CancellationToken cancellation) => new(
        new TensorEntry(name, type, shape),
        stream =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (shape.Length == 1)
                WriteVector(file, tensor, type, headDim, stream);
            else
                WriteMatrix(file, tensor, type, headDim, stream);
        });

    /// <summary>Gets the row of the GGUF file that holds a row of the checkpoint.</summary>
    public static long SourceRow(long row, int headDim)
    {
        if (headDim == 0)
            return row;
        long start = row / headDim * headDim, place = row % headDim, half = headDim / 2;
        return start + place % half * 2 + place / half;
    }

    private static void WriteMatrix(GgufFile file, GgufTensor tensor, CheckpointDType type, int headDim, Stream stream)
    {
        var values = new float[tensor.RowLength];
        var bytes = new byte[tensor.RowLength * type.Size()];
        for (long row = 0; row < tensor.Rows; row++)
        {
            Dequantizer.ToSingle(file.Row(tensor, SourceRow(row, headDim)), tensor.Type, values);
            FloatConversion.FromSingle(values, type, bytes);
            stream.Write(bytes);
        }
    }

    private static void WriteVector(GgufFile file, GgufTensor tensor, CheckpointDType type, int headDim, Stream stream)
    {
        var values = new float[tensor.RowLength];
        Dequantizer.ToSingle(file.Row(tensor, 0), tensor.Type, values);
        var ordered = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
            ordered[i] = values[SourceRow(i, headDim)];
        var bytes = new byte[values.Length * type.Size()];
        FloatConversion.FromSingle(ordered, type, bytes);
        stream.Write(bytes);
    }
}
