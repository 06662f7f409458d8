namespace ParallelR1.Torch;

/// <summary>Element types, with libtorch's numbers (c10::ScalarType).</summary>
public enum ScalarType
{
    /// <summary>8-bit unsigned.</summary>
    UInt8 = 0,

    /// <summary>8-bit signed.</summary>
    Int8 = 1,

    /// <summary>16-bit signed.</summary>
    Int16 = 2,

    /// <summary>32-bit signed.</summary>
    Int32 = 3,

    /// <summary>64-bit signed.</summary>
    Int64 = 4,

    /// <summary>IEEE half precision.</summary>
    Float16 = 5,

    /// <summary>Single precision.</summary>
    Float32 = 6,

    /// <summary>Double precision.</summary>
    Float64 = 7,

    /// <summary>Truth values, one byte each.</summary>
    Bool = 11,

    /// <summary>bfloat16: the upper half of a single.</summary>
    BFloat16 = 15,
}
