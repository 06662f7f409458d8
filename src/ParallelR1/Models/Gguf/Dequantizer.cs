using System.Buffers.Binary;

namespace ParallelR1.Models.Gguf;

/// <summary>Converts stored GGUF rows to f32. Types with 32-element blocks are decoded here, those with 256-element blocks in <see cref="SuperBlocks"/>.</summary>
/// <remarks>The layouts are those of ggml's <c>ggml-common.h</c>; values are as defined by <c>dequantize_row_*</c> in <c>ggml-quants.c</c>.</remarks>
internal static class Dequantizer
{
    private delegate void BlockReader(ReadOnlySpan<byte> block, Span<float> values);

    /// <summary>Converts whole blocks.</summary>
    public static void ToSingle(ReadOnlySpan<byte> source, GgufType type, Span<float> destination)
    {
        var (elements, bytes) = type.Block();
        if (destination.Length % elements != 0 || source.Length != destination.Length / elements * bytes)
            throw new ArgumentException($"{source.Length} bytes are not {destination.Length} elements of {type}", nameof(source));
        switch (type)
        {
            case GgufType.F32:
                FloatConversion.ToSingle(source, CheckpointDType.F32, destination);
                return;
            case GgufType.F16:
                FloatConversion.ToSingle(source, CheckpointDType.F16, destination);
                return;
            case GgufType.BF16:
                FloatConversion.ToSingle(source, CheckpointDType.BF16, destination);
                return;
            case GgufType.F64:
                FloatConversion.ToSingle(source, CheckpointDType.F64, destination);
                return;
        }

        var read = Reader(type);
        for (var i = 0; i < destination.Length / elements; i++)
            read(source.Slice(i * bytes, bytes), destination.Slice(i * elements, elements));
    }

    /// <summary>Reads an f16 of a block as f32.</summary>
    internal static float Scale(ReadOnlySpan<byte> block, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[at..]);

    private static BlockReader Reader(GgufType type) => type switch
    {
        GgufType.Q4_0 => Q40,
        GgufType.Q4_1 => Q41,
        GgufType.Q5_0 => Q50,
        GgufType.Q5_1 => Q51,
        GgufType.Q8_0 => Q80,
        GgufType.Q2_K => SuperBlocks.Q2K,
        GgufType.Q3_K => SuperBlocks.Q3K,
        GgufType.Q4_K => SuperBlocks.Q4K,
        GgufType.Q5_K => SuperBlocks.Q5K,
        GgufType.Q6_K => SuperBlocks.Q6K,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static void Q40(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = Scale(block, 0);
        for (var i = 0; i < 16; i++)
        {
            values[i] = ((block[2 + i] & 15) - 8) * scale;
            values[i + 16] = ((block[2 + i] >> 4) - 8) * scale;
        }
    }

    private static void Q41(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Scale(block, 0), minimum = Scale(block, 2);
        for (var i = 0; i < 16; i++)
        {
            values[i] = (block[4 + i] & 15) * scale + minimum;
            values[i + 16] = (block[4 + i] >> 4) * scale + minimum;
        }
    }

    private static void Q50(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = Scale(block, 0);
        var high = BinaryPrimitives.ReadUInt32LittleEndian(block[2..]);
        for (var i = 0; i < 16; i++)
        {
            values[i] = (Fifth(block[6 + i] & 15, high, i) - 16) * scale;
            values[i + 16] = (Fifth(block[6 + i] >> 4, high, i + 16) - 16) * scale;
        }
    }

    private static void Q51(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Scale(block, 0), minimum = Scale(block, 2);
        var high = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        for (var i = 0; i < 16; i++)
        {
            values[i] = Fifth(block[8 + i] & 15, high, i) * scale + minimum;
            values[i + 16] = Fifth(block[8 + i] >> 4, high, i + 16) * scale + minimum;
        }
    }

    private static void Q80(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = Scale(block, 0);
        for (var i = 0; i < 32; i++)
            values[i] = (sbyte)block[2 + i] * scale;
    }

    private static int Fifth(int low, uint high, int bit) => low | (int)((high >> bit) & 1) << 4;
}
