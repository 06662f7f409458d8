namespace ParallelR1.Models.Gguf;

/// <summary>Converts the weights of a GGUF file to a Hugging Face checkpoint.</summary>
internal static class GgufConversion
{
    /// <summary>Gets all tensors that the config requires, checked against the file.</summary>
    /// <exception cref="InputException">A tensor is missing, has a different shape, or does not belong to such a model.</exception>
    public static List<TensorSource> Tensors(GgufFile file, ModelConfig config, CheckpointDType type, CancellationToken cancellation)
    {
        var sources = new List<TensorSource>();
        var used = new HashSet<string>(StringComparer.Ordinal) { GgufNames.RopeFactors };
        foreach (var (name, shape) in config.Tensors())
        {
            var stored = GgufNames.Of(name);
            used.Add(stored);
            var tensor = file.Find(stored) ?? throw new InputException($"{file.Path}: tensor '{stored}' is missing; is this the file of a whole model (not one of several parts)?");
            if (!tensor.Shape.SequenceEqual(shape))
                throw new InputException($"{file.Path}: tensor '{stored}' is {tensor.ShapeText}, the metadata say [{string.Join(", ", shape)}]");
            var interleaved = config.Architecture == ModelArchitecture.Llama
                && (name.Contains(".q_proj.", StringComparison.Ordinal) || name.Contains(".k_proj.", StringComparison.Ordinal));
            sources.Add(GgufTensorWriter.Source(file, tensor, name, shape, type, interleaved ? config.HeadDim : 0, cancellation));
        }

        if (file.Tensors.FirstOrDefault(t => !used.Contains(t.Name)) is { } stray)
            throw new InputException($"{file.Path}: tensor '{stray.Name}' does not belong to such a model; it cannot be converted without loss");
        return sources;
    }

    /// <summary>Gets the smallest type that preserves every value: BF16 or F16 if the file holds nothing more precise, else F32.</summary>
    public static CheckpointDType LosslessType(GgufFile file)
    {
        foreach (var (stored, type) in new[] { (GgufType.BF16, CheckpointDType.BF16), (GgufType.F16, CheckpointDType.F16) })
        {
            if (file.Tensors.Any(t => t.Type == stored) && file.Tensors.All(t => t.Type == stored || IsExact(file, t, type)))
                return type;
        }

        return CheckpointDType.F32;
    }

    /// <summary>
    /// Gets whether a tensor can be stored in a 16-bit type without loss. Norms and biases are stored as F32 beside 16-bit matrices, even if they
    /// were 16-bit originally.
    /// </summary>
    private static bool IsExact(GgufFile file, GgufTensor tensor, CheckpointDType type)
    {
        if (tensor.Name == GgufNames.RopeFactors)
            return true;
        if (tensor.Type != GgufType.F32 || tensor.Shape.Count != 1)
            return false;
        var values = new float[tensor.RowLength];
        var back = new float[values.Length];
        var bytes = new byte[values.Length * type.Size()];
        Dequantizer.ToSingle(file.Row(tensor, 0), tensor.Type, values);
        FloatConversion.FromSingle(values, type, bytes);
        FloatConversion.ToSingle(bytes, type, back);
        return values.AsSpan().SequenceEqual(back);
    }
}
