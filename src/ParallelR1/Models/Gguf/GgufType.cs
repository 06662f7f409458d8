using System.Diagnostics.CodeAnalysis;

namespace ParallelR1.Models.Gguf;

/// <summary>Element types of GGUF tensors, with their numbers in the file.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "The names are those of the format.")]
internal enum GgufType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q2_K = 10,
    Q3_K = 11,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    F64 = 28,
    BF16 = 30,
}

/// <summary>Parses GGUF types, and gives the number of elements and bytes of their blocks.</summary>
internal static class GgufTypes
{
    /// <summary>Names of types that are recognised but not supported, for the error message.</summary>
    private static readonly Dictionary<uint, string> s_foreign = new()
    {
        [9] = "Q8_1",
        [15] = "Q8_K",
        [16] = "IQ2_XXS",
        [17] = "IQ2_XS",
        [18] = "IQ3_XXS",
        [19] = "IQ1_S",
        [20] = "IQ4_NL",
        [21] = "IQ3_S",
        [22] = "IQ2_S",
        [23] = "IQ4_XS",
        [24] = "I8",
        [25] = "I16",
        [26] = "I32",
        [27] = "I64",
        [29] = "IQ1_M",
        [34] = "TQ1_0",
        [35] = "TQ2_0",
        [39] = "MXFP4",
    };

    public static GgufType Parse(GgufCursor cursor, uint number, string tensor)
    {
        if (number <= int.MaxValue && Enum.IsDefined((GgufType)number))
            return (GgufType)number;
        var name = s_foreign.TryGetValue(number, out var known) ? known : $"number {number}";
        throw cursor.Error($"tensor '{tensor}' is of type {name}, which is not supported; {string.Join(", ", Enum.GetNames<GgufType>())} are");
    }

    /// <summary>Gets the number of elements and bytes of one block.</summary>
    public static (int Elements, int Bytes) Block(this GgufType type) => type switch
    {
        GgufType.F32 => (1, 4),
        GgufType.F16 or GgufType.BF16 => (1, 2),
        GgufType.F64 => (1, 8),
        GgufType.Q4_0 => (32, 18),
        GgufType.Q4_1 => (32, 20),
        GgufType.Q5_0 => (32, 22),
        GgufType.Q5_1 => (32, 24),
        GgufType.Q8_0 => (32, 34),
        GgufType.Q2_K => (256, 84),
        GgufType.Q3_K => (256, 110),
        GgufType.Q4_K => (256, 144),
        GgufType.Q5_K => (256, 176),
        GgufType.Q6_K => (256, 210),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
