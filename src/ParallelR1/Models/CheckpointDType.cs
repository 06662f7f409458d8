using System.Diagnostics.CodeAnalysis;

namespace ParallelR1.Models;

/// <summary>Element types of safetensors files.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "The names are those of the format.")]
public enum CheckpointDType
{
    /// <summary>64-bit float.</summary>
    F64,

    /// <summary>32-bit float.</summary>
    F32,

    /// <summary>16-bit float (IEEE half).</summary>
    F16,

    /// <summary>16-bit float with the exponent of f32.</summary>
    BF16,

    /// <summary>8-bit float, 4 bits of exponent.</summary>
    F8_E4M3,

    /// <summary>8-bit float, 5 bits of exponent.</summary>
    F8_E5M2,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>16-bit signed integer.</summary>
    I16,

    /// <summary>8-bit signed integer.</summary>
    I8,

    /// <summary>64-bit unsigned integer.</summary>
    U64,

    /// <summary>32-bit unsigned integer.</summary>
    U32,

    /// <summary>16-bit unsigned integer.</summary>
    U16,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>One byte, 0 or 1.</summary>
    BOOL,
}
