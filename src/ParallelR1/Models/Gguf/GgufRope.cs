using System.Globalization;

namespace ParallelR1.Models.Gguf;

/// <summary>Rotary settings of a GGUF file.</summary>
internal static class GgufRope
{
    public static RopeConfig Read(GgufFile file, GgufMetadata metadata, string name, int headDim, int maxPositions)
    {
        var theta = Decimal(metadata.Number($"{name}.rope.freq_base") ?? 10000);
        if (theta <= 1)
            throw metadata.Error($"{name}.rope.freq_base", $"{theta} is not above 1");
        var plain = new RopeConfig(theta, headDim);
        if (file.Find(GgufNames.RopeFactors) is { } factors)
            return Llama3(file, factors, plain);
        var key = $"{name}.rope.scaling";
        var type = metadata.Text($"{key}.type");
        var factor = metadata.Number($"{key}.factor") ?? metadata.Number($"{name}.rope.scale_linear") ?? 1;
        if (factor <= 0)
            throw metadata.Error($"{key}.factor", $"{factor} is not above 0");
        return type switch
        {
            null or "none" => plain,
            "linear" => plain with { Type = RopeType.Linear, Factor = Decimal(factor) },
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

    /// <summary>The shortest decimal number that is this f32.</summary>
    public static double Decimal(double single) =>
        double.Parse(((float)single).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double Positive(GgufMetadata metadata, string key, double otherwise)
    {
        var value = Decimal(metadata.Number(key) ?? otherwise);
        return value > 0 ? value : throw metadata.Error(key, $"{value} is not above 0");
    }

    /// <summary>
    /// The file keeps the divisors of llama3 scaling instead of its parameters. Llama 3.1 and 3.2 use the same ramp with two
    /// factors; parameters that give back these very divisors are the ones that were used.
    /// </summary>
    private static RopeConfig Llama3(GgufFile file, GgufTensor tensor, RopeConfig plain)
    {
        if (tensor.Type != GgufType.F32 || tensor.Shape.Count != 1 || tensor.Shape[0] != plain.Dimension / 2)
            throw new InputException($"{file.Path}: '{tensor.Name}' is {tensor.Type} {tensor.ShapeText}, expected F32 [{plain.Dimension / 2}]");
        var divisors = new float[plain.Dimension / 2];
        Dequantizer.ToSingle(file.Row(tensor, 0), GgufType.F32, divisors);
        var unscaled = plain.InverseFrequencies();
        if (divisors.All(d => d == 1))
            return plain;
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
