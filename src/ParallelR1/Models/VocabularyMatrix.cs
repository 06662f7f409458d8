namespace ParallelR1.Models;

/// <summary>Reads and replaces rows of an embedding or head matrix [vocabulary, hidden].</summary>
internal static class VocabularyMatrix
{
    private const int ChunkBytes = 1 << 24;

    /// <summary>Reads one row as f32.</summary>
    public static float[] Row(CheckpointReader reader, string name, long row)
    {
        var entry = reader[name];
        var values = new float[entry.Shape[1]];
        var bytes = values.Length * entry.DType.Size();
        FloatConversion.ToSingle(reader.Bytes(name, row * bytes, bytes), entry.DType, values);
        return values;
    }

    /// <summary>Computes the mean of all rows as f32.</summary>
    public static float[] Mean(CheckpointReader reader, string name)
    {
        var sum = new double[reader[name].Shape[1]];
        for (long row = 0; row < reader[name].Shape[0]; row++)
        {
            var values = Row(reader, name, row);
            for (var i = 0; i < sum.Length; i++)
                sum[i] += values[i];
        }

        return Array.ConvertAll(sum, s => (float)(s / reader[name].Shape[0]));
    }

    /// <summary>Gets the matrix with some rows replaced and, if it has fewer than <paramref name="height"/> rows, extended with zero rows.</summary>
    public static TensorSource WithRows(CheckpointReader reader, string name, long height, IReadOnlyDictionary<long, float[]> rows)
    {
        var entry = reader[name];
        var width = entry.Shape[1];
        return new TensorSource(entry with { Shape = [height, width] }, stream =>
        {
            var bytes = new byte[checked((int)width * entry.DType.Size())];
            long next = 0;
            foreach (var (row, values) in rows.OrderBy(r => r.Key))
            {
                CopyRows(reader, entry, next, row, bytes, stream);
                FloatConversion.FromSingle(values, entry.DType, bytes);
                stream.Write(bytes);
                next = row + 1;
            }

            CopyRows(reader, entry, next, height, bytes, stream);
        });
    }

    private static void CopyRows(CheckpointReader reader, TensorEntry entry, long from, long to, byte[] buffer, Stream stream)
    {
        long rowBytes = buffer.Length, end = Math.Min(to, entry.Shape[0]) * rowBytes;
        for (var at = from * rowBytes; at < end; at += ChunkBytes)
            stream.Write(reader.Bytes(entry.Name, at, (int)Math.Min(ChunkBytes, end - at)));
        buffer.AsSpan().Clear();
        for (var row = Math.Max(from, entry.Shape[0]); row < to; row++)
            stream.Write(buffer);
    }
}
