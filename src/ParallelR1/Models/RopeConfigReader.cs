namespace ParallelR1.Models;

/// <summary>The rotary settings of config.json: <c>rope_parameters</c> (transformers 5), or <c>rope_theta</c> with <c>rope_scaling</c> (4.x).</summary>
internal static class RopeConfigReader
{
    private const double DefaultTheta = 10000;

    private static readonly string[] Known =
    [
        "type", "rope_type", "rope_theta", "factor", "original_max_position_embeddings", "low_freq_factor", "high_freq_factor",
        "beta_fast", "beta_slow", "attention_factor", "mscale", "mscale_all_dim", "truncate", "partial_rotary_factor",
    ];

    public static RopeConfig Read(ConfigObject json, int headDim, int maxPositions)
    {
        var key = json.Has("rope_scaling") ? "rope_scaling" : "rope_parameters";
        var scaling = json.Object(key);
        var theta = scaling?.Positive("rope_theta") ?? json.Positive("rope_theta") ?? json.Object("rope_parameters")?.Positive("rope_theta") ?? DefaultTheta;
        if (theta <= 1)
            throw json.Error("rope_theta", $"{theta} is not above 1");
        var plain = new RopeConfig(theta, headDim);
        if (scaling is null)
            return plain;
        RejectUnknown(scaling);
        return Type(scaling) switch
        {
            RopeType.Linear => plain with { Type = RopeType.Linear, Factor = Required(scaling, "factor") },
            RopeType.Llama3 => Llama3(scaling, plain, maxPositions),
            RopeType.Yarn => Yarn(scaling, plain, maxPositions),
            _ => plain,
        };
    }

    private static void RejectUnknown(ConfigObject scaling)
    {
        if (scaling.Values.Select(v => v.Key).FirstOrDefault(k => !Known.Contains(k)) is { } unknown)
            throw scaling.Error(unknown, $"is not known here; known are {string.Join(", ", Known)}");
        if (scaling.Number("partial_rotary_factor") is { } part && part != 1)
            throw scaling.Error("partial_rotary_factor", $"{part} is not supported; only whole heads are rotated");
    }

    private static RopeType Type(ConfigObject scaling)
    {
        var key = scaling.Has("rope_type") ? "rope_type" : "type";
        return scaling.Text(key) switch
        {
            null or "default" => RopeType.Default,
            "linear" => RopeType.Linear,
            "llama3" => RopeType.Llama3,
            "yarn" => RopeType.Yarn,
            var other => throw scaling.Error(key, $"'{other}' is not supported; default, linear, llama3 and yarn are"),
        };
    }

    private static RopeConfig Llama3(ConfigObject scaling, RopeConfig plain, int maxPositions)
    {
        double low = Required(scaling, "low_freq_factor"), high = Required(scaling, "high_freq_factor");
        if (high <= low)
            throw scaling.Error("high_freq_factor", $"{high} is not above low_freq_factor ({low})");
        return plain with
        {
            Type = RopeType.Llama3,
            Factor = Required(scaling, "factor"),
            LowFrequencyFactor = low,
            HighFrequencyFactor = high,
            OriginalMaxPositions = Original(scaling, maxPositions),
        };
    }

    private static RopeConfig Yarn(ConfigObject scaling, RopeConfig plain, int maxPositions)
    {
        var original = Original(scaling, maxPositions);
        return plain with
        {
            Type = RopeType.Yarn,
            Factor = scaling.Positive("factor") ?? (double)maxPositions / original,
            OriginalMaxPositions = original,
            BetaFast = scaling.Positive("beta_fast") ?? 32,
            BetaSlow = scaling.Positive("beta_slow") ?? 1,
            AttentionFactor = scaling.Positive("attention_factor"),
            MScale = scaling.Number("mscale"),
            MScaleAllDim = scaling.Number("mscale_all_dim"),
            Truncate = scaling.Flag("truncate") ?? true,
        };
    }

    private static int Original(ConfigObject scaling, int maxPositions) =>
        scaling.Integer("original_max_position_embeddings", 1, int.MaxValue) ?? maxPositions;

    private static double Required(ConfigObject scaling, string key) =>
        scaling.Positive(key) ?? throw scaling.Error(key, "is missing for this type of rotary scaling");
}
