using System.Diagnostics.CodeAnalysis;

namespace ParallelR1.Models.Gguf;

/// <summary>Element types of GGUF tensors with their numbers in the file.</summary>
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
