namespace ParallelR1.Models;

/// <summary>Sizes and names of element types.</summary>
public static class CheckpointDTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this CheckpointDType type) => type switch
    {
        CheckpointDType.F64 or CheckpointDType.I64 or CheckpointDType.U64 => 8,
        CheckpointDType.F32 or CheckpointDType.I32 or CheckpointDType.U32 => 4,
        CheckpointDType.F16 or CheckpointDType.BF16 or CheckpointDType.I16 or CheckpointDType.U16 => 2,
        _ => 1,
    };

    /// <summary>The spelling of config.json (<c>torch_dtype</c>), e.g. <c>bfloat16</c>; only floating types that models are stored in.</summary>
    public static string TorchName(this CheckpointDType type) => type switch
    {
        CheckpointDType.F64 => "float64",
        CheckpointDType.F16 => "float16",
        CheckpointDType.BF16 => "bfloat16",
        _ => "float32",
    };

    /// <summary>The type behind a safetensors name such as <c>BF16</c>.</summary>
    internal static bool TryParse(string? name, out CheckpointDType type) =>
        Enum.TryParse(name, out type) && name is { Length: > 0 } && char.IsAsciiLetter(name[0]);

    /// <summary>The type behind a config.json name such as <c>bfloat16</c> or <c>torch.bfloat16</c>, or null.</summary>
    internal static CheckpointDType? FromTorchName(string name) =>
        (name.StartsWith("torch.", StringComparison.Ordinal) ? name[6..] : name) switch
        {
            "float64" or "double" => CheckpointDType.F64,
            "float32" or "float" => CheckpointDType.F32,
            "float16" or "half" => CheckpointDType.F16,
            "bfloat16" => CheckpointDType.BF16,
            _ => null,
        };
}
