namespace ParallelR1.Tokenization;

/// <summary>GPT-2's mapping between bytes and printable characters: every byte is one character of a vocabulary entry.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] s_charOfByte = CreateTable();
    private static readonly short[] s_byteOfChar = Invert(s_charOfByte);

    /// <summary>Gets the character of a byte.</summary>
    public static char CharOf(byte value) => s_charOfByte[value];

    /// <summary>Gets the byte of a character, or −1 if the character is not in the table.</summary>
    public static int ByteOf(char value) => value < s_byteOfChar.Length ? s_byteOfChar[value] : -1;

    /// <summary>Converts bytes to characters.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, Fill);

    /// <summary>Converts bytes to characters in <paramref name="characters"/>.</summary>
    public static void Fill(Span<char> characters, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
            characters[i] = s_charOfByte[bytes[i]];
    }

    /// <summary>Converts characters to bytes; null if one of them is not in the table.</summary>
    public static byte[]? ToBytes(string characters)
    {
        var bytes = new byte[characters.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = ByteOf(characters[i]);
            if (value < 0)
                return null;
            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static char[] CreateTable()
    {
        var table = new char[256];
        var next = 256;
        for (var b = 0; b < 256; b++)
            table[b] = b is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 ? (char)b : (char)next++;
        return table;
    }

    private static short[] Invert(char[] table)
    {
        var inverse = new short[table.Max() + 1];
        Array.Fill(inverse, (short)-1);
        for (var b = 0; b < 256; b++)
            inverse[table[b]] = (short)b;
        return inverse;
    }
}
