using System.Globalization;

namespace ParallelR1.Models.Gguf;

/// <summary>Reads the rotary settings of a GGUF file.</summary>
internal static class GgufRope
{
    public static RopeConfig Read(GgufFile file, GgufMetadata metadata, string name, int headDim, int maxPositions)
    {
        var theta = Decimal(metadata.Number($"{name}.rope.freq_base") ?? 10000);
        if (theta <= 1)
            throw metadata.Error($"{name}.rope.freq_base", $"{theta} is not above 1");
        var plain = new RopeConfig(theta, headDim);
        var key = $"{name}.rope.scaling";
        // As in llama.cpp, a factor without a type is linear.
        var type = metadata.Text($"{key}.type") ?? "linear";
        CheckKeys(metadata, name, type);
        var scaled = Scaled(metadata, name, type, plain, maxPositions);
        if (file.Find(GgufNames.RopeFactors) is not { } factors || Llama3(file, factors, plain) is not { } llama3)
            return scaled;
        return scaled == plain
            ? llama3
            : throw metadata.Error(metadata.Has($"{key}.factor") ? $"{key}.factor" : $"{name}.rope.scale_linear", $"{type} scaling beside the factors of '{factors.Name}' is not supported; convert the original checkpoint instead");
    }

    private static RopeConfig Scaled(GgufMetadata metadata, string name, string type, RopeConfig plain, int maxPositions)
    {
        var key = $"{name}.rope.scaling";
        var factorKey = metadata.Has($"{key}.factor") ? $"{key}.factor" : $"{name}.rope.scale_linear";
        var factor = metadata.Number(factorKey) ?? 1;
        // As in llama.cpp, 0 means no factor.
        factor = factor < 0 ? throw metadata.Error(factorKey, $"{factor} is not above 0") : factor == 0 ? 1 : factor;
        return type switch
        {
            "none" => plain,
            "linear" => factor == 1 ? plain : plain with { Type = RopeType.Linear, Factor = Decimal(factor) },
            "yarn" => plain with
            {
                Type = RopeType.Yarn,
                Factor = Decimal(factor),
                OriginalMaxPositions = metadata.Integer($"{key}.original_context_length", 1, int.MaxValue) ?? maxPositions,
                BetaFast = Positive(metadata, $"{key}.yarn_beta_fast", 32),
                BetaSlow = Positive(metadata, $"{key}.yarn_beta_slow", 1),
            },
            _ => throw metadata.Error($"{key}.type", $"'{type}' is not supported; none, linear and yarn are"),
        };
    }

    /// <summary>Rejects settings that would change the rotation and are not supported.</summary>
    private static void CheckKeys(GgufMetadata metadata, string name, string type)
    {
        foreach (var key in metadata.Keys($"{name}.rope."))
        {
            double? neutral = key[$"{name}.rope.".Length..] switch
            {
                "freq_base" or "dimension_count" or "scale_linear" or "scaling.type" or "scaling.factor" or "scaling.original_context_length"
                    or "scaling.finetuned" or "scaling.yarn_beta_fast" or "scaling.yarn_beta_slow" => null,
                "scaling.attn_factor" or "scaling.yarn_attn_factor" => 1,
                "scaling.yarn_ext_factor" => type == "yarn" ? 1 : 0,
                "scaling.yarn_log_multiplier" => 0,
                _ => throw metadata.Error(key, "is not known here and may change the rotation; convert the original checkpoint instead"),
            };
            // A negative ext_factor means the default of the type.
            if (neutral is { } value && metadata.Number(key) is { } given && given != value && !(given < 0 && key.EndsWith("ext_factor", StringComparison.Ordinal)))
                throw metadata.Error(key, $"{Decimal(given)} changes the rotation in a way that is not supported (only {value} is); convert the original checkpoint instead");
        }
    }

    /// <summary>Gets the shortest decimal number that rounds to an f32.</summary>
    public static double Decimal(double single) =>
        double.Parse(((float)single).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double Positive(GgufMetadata metadata, string key, double otherwise)
    {
        var value = Decimal(metadata.Number(key) ?? otherwise);
        return value > 0 ? value : throw metadata.Error(key, $"{value} is not above 0");
    }

    /// <summary>
    /// Reconstructs llama3 scaling: the file stores its divisors instead of its parameters. Llama 3.1 and 3.2 use the same ramp with two
    /// different factors; parameters that reproduce the divisors are the original ones. Null if all divisors are 1.
    /// </summary>
    private static RopeConfig? Llama3(GgufFile file, GgufTensor tensor, RopeConfig plain)
    {
        if (tensor.Type != GgufType.F32 || tensor.Shape.Count != 1 || tensor.Shape[0] != plain.Dimension / 2)
            throw new InputException($"{file.Path}: '{tensor.Name}' is {tensor.Type} {tensor.ShapeText}, expected F32 [{plain.Dimension / 2}]");
        var divisors = new float[plain.Dimension / 2];
        Dequantizer.ToSingle(file.Row(tensor, 0), GgufType.F32, divisors);
        var unscaled = plain.InverseFrequencies();
        if (divisors.All(d => d == 1))
            return null;
        var guess = plain with
        {
            Type = RopeType.Llama3,
            Factor = divisors.Max(),
            LowFrequencyFactor = 1,
            HighFrequencyFactor = 4,
            OriginalMaxPositions = 8192,
        };
        var scaled = guess.InverseFrequencies();
        for (var i = 0; i < divisors.Length; i++)
        {
            if (!(Math.Abs(unscaled[i] / scaled[i] - divisors[i]) <= 1e-4f * divisors[i]))
                throw new InputException($"{file.Path}: '{tensor.Name}' is not the rotary scaling of Llama 3.1 or 3.2; convert the original checkpoint instead");
        }

        return guess;
    }
}
