namespace ParallelR1.Models.Gguf;

/// <summary>Decodes the K types: blocks of 256 elements in sub-blocks of 16 or 32, whose scales are quantised too.</summary>
internal static class SuperBlocks
{
    public static void Q2K(ReadOnlySpan<byte> block, Span<float> values)
    {
        ReadOnlySpan<byte> scales = block[..16], quants = block[16..80];
        float scale = Dequantizer.Scale(block, 80), minimum = Dequantizer.Scale(block, 82);
        for (var i = 0; i < 256; i++)
        {
            var packed = scales[i / 16];
            values[i] = scale * (packed & 15) * Pair(quants, i) - minimum * (packed >> 4);
        }
    }

    public static void Q3K(ReadOnlySpan<byte> block, Span<float> values)
    {
        ReadOnlySpan<byte> high = block[..32], quants = block[32..96], packed = block[96..108];
        var scale = Dequantizer.Scale(block, 108);
        for (var i = 0; i < 256; i++)
        {
            var sub = i / 16;
            var low = sub < 8 ? packed[sub] & 15 : packed[sub - 8] >> 4;
            var factor = (low | ((packed[8 + sub % 4] >> (2 * (sub / 4))) & 3) << 4) - 32;
            var isHigh = (high[i % 32] >> (i / 32)) & 1;
            values[i] = scale * factor * (Pair(quants, i) - (isHigh == 1 ? 0 : 4));
        }
    }

    public static void Q4K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var quants = block[16..];
        for (var sub = 0; sub < 8; sub++)
        {
            var (scale, minimum) = ScaleAndMinimum(block, sub);
            for (var i = 0; i < 32; i++)
                values[sub * 32 + i] = scale * Nibble(quants, sub, i) - minimum;
        }
    }

    public static void Q5K(ReadOnlySpan<byte> block, Span<float> values)
    {
        ReadOnlySpan<byte> high = block[16..48], quants = block[48..];
        for (var sub = 0; sub < 8; sub++)
        {
            var (scale, minimum) = ScaleAndMinimum(block, sub);
            for (var i = 0; i < 32; i++)
                values[sub * 32 + i] = scale * (Nibble(quants, sub, i) + ((high[i] >> sub) & 1) * 16) - minimum;
        }
    }

    public static void Q6K(ReadOnlySpan<byte> block, Span<float> values)
    {
        ReadOnlySpan<byte> low = block[..128], high = block[128..192], scales = block[192..208];
        var scale = Dequantizer.Scale(block, 208);
        for (var i = 0; i < 256; i++)
        {
            // Each half of the block: two runs of 32 in the lower nibbles of 64 bytes, then two in the upper nibbles.
            int half = i / 128, run = i / 32 % 4, place = i % 32;
            var packed = low[half * 64 + run % 2 * 32 + place];
            var nibble = run < 2 ? packed & 15 : packed >> 4;
            var quant = (nibble | ((high[half * 32 + place] >> (2 * run)) & 3) << 4) - 32;
            values[i] = scale * (sbyte)scales[i / 16] * quant;
        }
    }

    /// <summary>Gets a 2-bit value: 32 bytes hold 128 elements, a run of 32 in each bit pair.</summary>
    private static int Pair(ReadOnlySpan<byte> quants, int i) => (quants[i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2)) & 3;

    /// <summary>Gets a 4-bit value: 32 bytes hold 64 elements, the first 32 in the lower nibbles.</summary>
    private static int Nibble(ReadOnlySpan<byte> quants, int sub, int i)
    {
        var packed = quants[sub / 2 * 32 + i];
        return sub % 2 == 0 ? packed & 15 : packed >> 4;
    }

    /// <summary>Gets the 6-bit scale and minimum of a sub-block of 32, packed into the twelve bytes after the two f16.</summary>
    private static (float Scale, float Minimum) ScaleAndMinimum(ReadOnlySpan<byte> block, int sub)
    {
        var packed = block.Slice(4, 12);
        int scale, minimum;
        if (sub < 4)
        {
            scale = packed[sub] & 63;
            minimum = packed[sub + 4] & 63;
        }
        else
        {
            scale = packed[sub + 4] & 15 | packed[sub - 4] >> 6 << 4;
            minimum = packed[sub + 4] >> 4 | packed[sub] >> 6 << 4;
        }

        return (Dequantizer.Scale(block, 0) * scale, Dequantizer.Scale(block, 2) * minimum);
    }
}
