using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>Loads decoders from Hugging Face folders, saves them, and creates new ones with random weights.</summary>
public static class DecoderFiles
{
    /// <summary>Loads a decoder from the config.json and safetensors of a folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="type">The type of parameters and arithmetic.</param>
    /// <param name="device">Where to put them; null: the CPU.</param>
    /// <exception cref="UsageException">The folder or a file is missing.</exception>
    /// <exception cref="InputException">Config and weights are inconsistent, a file is damaged, or a tensor has values that are not finite.</exception>
    public static Decoder Load(string folder, ScalarType type = ScalarType.Float32, Device? device = null)
    {
        var config = ModelConfig.Load(folder);
        using var checkpoint = CheckpointReader.Open(folder);
        config = checkpoint.Fit(config);
        return Build(config, (name, shape) =>
        {
            var entry = checkpoint[name];
            var tensor = Tensor.FromPieces((offset, length) => checkpoint.Bytes(name, offset, length), TorchType(entry.DType), shape).To(type).To(device ?? Device.Cpu);
            FiniteTensors.Require(
                [KeyValuePair.Create(name, tensor)],
                tensorName => $"{checkpoint.FileOf(tensorName)}: {tensorName} holds values that are not finite (NaN, infinity, or beyond the range of {type}); take another model, or an earlier checkpoint");
            return tensor;
        });
    }

    /// <summary>Creates a decoder with random weights: normal with standard deviation <see cref="ModelConfig.InitializerRange"/>; norms are 1 and biases 0.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="key">The key of the draws; each parameter's name is folded into it.</param>
    /// <param name="type">The type of parameters and arithmetic.</param>
    /// <param name="device">Where to put them; null: the CPU.</param>
    public static Decoder Create(ModelConfig config, RandomKey key, ScalarType type = ScalarType.Float32, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Build(config, (name, shape) =>
        {
            var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            var draws = key.Fold(name);
            if (name.EndsWith("norm.weight", StringComparison.Ordinal))
                Array.Fill(values, 1f);
            else if (!name.EndsWith(".bias", StringComparison.Ordinal))
                Parallel.For(0, values.Length, i => values[i] = (float)(draws.Normal(i) * config.InitializerRange));
            return Tensor.From(values, shape).To(type).To(device ?? Device.Cpu);
        });
    }

    /// <summary>Writes config.json, generation_config.json and the weights into an existing folder.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="master">Gets the f32 value of a parameter by its name, or null if there is none.</param>
    public static void Save(this Decoder decoder, string folder, Func<string, Tensor?>? master = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        var type = decoder.DType == ScalarType.BFloat16 ? CheckpointDType.BF16 : CheckpointDType.F32;
        var config = decoder.Config with { WeightType = type };
        config.Save(folder);
        config.SaveGenerationConfig(folder);
        CheckpointWriter.Write(folder, decoder.Parameters.Select(p => Source(p.Key, master?.Invoke(p.Key) ?? p.Value, type)));
    }

    /// <summary>Wraps a tensor for writing to a checkpoint.</summary>
    internal static TensorSource Source(string name, Tensor tensor, CheckpointDType type)
    {
        var entry = new TensorEntry(name, type, tensor.Shape);
        return new TensorSource(entry, stream =>
        {
            using var scope = new TensorScope();
            using var mode = GradMode.Off();
            var local = tensor.To(type == CheckpointDType.BF16 ? ScalarType.BFloat16 : ScalarType.Float32).To(Device.Cpu).Contiguous();
            local.WriteTo(stream);
        });
    }

    internal static ScalarType TorchType(CheckpointDType type) => type switch
    {
        CheckpointDType.F64 => ScalarType.Float64,
        CheckpointDType.F32 => ScalarType.Float32,
        CheckpointDType.F16 => ScalarType.Float16,
        CheckpointDType.BF16 => ScalarType.BFloat16,
        _ => throw new InputException($"weights of type {type}; expected F64, F32, F16 or BF16"),
    };

    private static Decoder Build(ModelConfig config, Func<string, long[], Tensor> make)
    {
        var parameters = new Dictionary<string, Tensor>();
        try
        {
            foreach (var (name, shape) in config.Tensors())
            {
                using var scope = new TensorScope();
                parameters[name] = make(name, shape).Own();
            }

            return new Decoder(config, parameters);
        }
        catch
        {
            foreach (var parameter in parameters.Values)
                parameter.Dispose();
            throw;
        }
    }
}
