namespace ParallelR1.Torch;

/// <summary>Element types, with libtorch's numbers (c10::ScalarType).</summary>
public enum ScalarType
{
    /// <summary>8-bit unsigned integer.</summary>
    UInt8 = 0,

    /// <summary>8-bit signed integer.</summary>
    Int8 = 1,

    /// <summary>16-bit signed integer.</summary>
    Int16 = 2,

    /// <summary>32-bit signed integer.</summary>
    Int32 = 3,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 4,

    /// <summary>IEEE half-precision float.</summary>
    Float16 = 5,

    /// <summary>Single-precision float.</summary>
    Float32 = 6,

    /// <summary>Double-precision float.</summary>
    Float64 = 7,

    /// <summary>Boolean, one byte.</summary>
    Bool = 11,

    /// <summary>bfloat16: the upper 16 bits of a single-precision float.</summary>
    BFloat16 = 15,
}
