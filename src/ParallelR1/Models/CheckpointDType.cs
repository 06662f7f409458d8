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

    /// <summary>16-bit float with the exponent range of f32 (bfloat16).</summary>
    BF16,

    /// <summary>8-bit float with 4 exponent bits.</summary>
    F8_E4M3,

    /// <summary>8-bit float with 5 exponent bits.</summary>
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

/// <summary>Sizes and names of element types.</summary>
public static class CheckpointDTypes
{
    /// <summary>Gets the number of bytes of one element.</summary>
    internal static int Size(this CheckpointDType type) => type switch
    {
        CheckpointDType.F64 or CheckpointDType.I64 or CheckpointDType.U64 => 8,
        CheckpointDType.F32 or CheckpointDType.I32 or CheckpointDType.U32 => 4,
        CheckpointDType.F16 or CheckpointDType.BF16 or CheckpointDType.I16 or CheckpointDType.U16 => 2,
        _ => 1,
    };

    /// <summary>Gets the name in config.json (<c>torch_dtype</c>), e.g. <c>bfloat16</c>; <c>float32</c> for types other than F64, F16 and BF16.</summary>
    /// <param name="type">The element type.</param>
    public static string TorchName(this CheckpointDType type) => type switch
    {
        CheckpointDType.F64 => "float64",
        CheckpointDType.F16 => "float16",
        CheckpointDType.BF16 => "bfloat16",
        _ => "float32",
    };

    /// <summary>Gets whether weights of this type can be read.</summary>
    internal static bool IsWeightType(this CheckpointDType type) =>
        type is CheckpointDType.F64 or CheckpointDType.F32 or CheckpointDType.F16 or CheckpointDType.BF16;

    /// <summary>Advice in error messages about weights of other types.</summary>
    internal const string Remedy = "Take the checkpoint in bfloat16 that it was quantised from, or a GGUF file of the model with parallel-r1 model convert";

    /// <summary>Parses a safetensors name such as <c>BF16</c>.</summary>
    internal static bool TryParse(string? name, out CheckpointDType type) =>
        Enum.TryParse(name, out type) && name is { Length: > 0 } && char.IsAsciiLetter(name[0]);

    /// <summary>Gets the type for a config.json name such as <c>bfloat16</c>, <c>torch.bfloat16</c> or <c>bf16</c>, or null.</summary>
    internal static CheckpointDType? FromTorchName(string name) =>
        (name.StartsWith("torch.", StringComparison.Ordinal) ? name[6..] : name).ToUpperInvariant() switch
        {
            "FLOAT64" or "DOUBLE" or "FP64" or "F64" => CheckpointDType.F64,
            "FLOAT32" or "FLOAT" or "FP32" or "F32" => CheckpointDType.F32,
            "FLOAT16" or "HALF" or "FP16" or "F16" => CheckpointDType.F16,
            "BFLOAT16" or "BF16" => CheckpointDType.BF16,
            _ => null,
        };
}
