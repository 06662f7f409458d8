using System.Text.Json;

namespace ParallelR1.Models;

/// <summary>Reads the rotary settings of config.json: <c>rope_parameters</c> (transformers 5), or <c>rope_theta</c> with <c>rope_scaling</c> (4.x).</summary>
internal static class RopeConfigReader
{
    private const double DefaultTheta = 10000;
    private const string Original = "original_max_position_embeddings";

    private static readonly string[] s_always = ["type", "rope_type", "rope_theta", "partial_rotary_factor"];

    /// <summary>Keys that the supported types do not use, and that change the rotation where they are used.</summary>
    private static readonly string[] s_refused =
    [
        "short_factor", "long_factor", "short_mscale", "long_mscale", "alpha", "ntk_factor", "ntk_alpha", "mrope_section", "mrope_interleaved",
        "llama_4_scaling_beta",
    ];

    public static RopeConfig Read(ConfigObject json, int headDim, int maxPositions, List<string> warnings)
    {
        var key = json.Has("rope_scaling") ? "rope_scaling" : "rope_parameters";
        var scaling = json.Object(key);
        var theta = scaling?.Positive("rope_theta") ?? json.Positive("rope_theta") ?? json.Object("rope_parameters")?.Positive("rope_theta") ?? DefaultTheta;
        if (theta <= 1)
            throw json.Error("rope_theta", $"{theta} is not above 1");
        var plain = new RopeConfig(theta, headDim);
        if (scaling is null)
            return plain;
        var type = Type(scaling);
        CheckKeys(scaling, type, warnings);
        return type switch
        {
            RopeType.Linear => plain with { Type = RopeType.Linear, Factor = Required(scaling, "factor") },
            RopeType.Llama3 => Llama3(json, scaling, plain, maxPositions),
            RopeType.Yarn => Yarn(json, scaling, plain, maxPositions),
            _ => plain,
        };
    }

    /// <summary>
    /// Checks the keys. Keys that the type does not use are ignored with a warning, as in transformers; lists and the keys of other kinds of
    /// scaling, which mean a different rotation, are rejected.
    /// </summary>
    private static void CheckKeys(ConfigObject scaling, RopeType type, List<string> warnings)
    {
        if (scaling.Number("partial_rotary_factor") is { } part && part != 1)
            throw scaling.Error("partial_rotary_factor", $"{part} is not supported; only whole heads are rotated");
        var used = s_always.Concat(Used(type)).ToList();
        foreach (var (key, value) in scaling.Values)
        {
            if (used.Contains(key) || value.ValueKind == JsonValueKind.Null)
                continue;
            if (s_refused.Contains(key) || value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                throw scaling.Error(key, $"is not supported; {Name(type)} scaling uses {string.Join(", ", Used(type).DefaultIfEmpty("no further key"))}");
            warnings.Add(scaling.Error(key, $"has no meaning for {Name(type)} scaling and is ignored, as in transformers").Message);
        }
    }

    private static string[] Used(RopeType type) => type switch
    {
        RopeType.Linear => ["factor"],
        RopeType.Llama3 => ["factor", Original, "low_freq_factor", "high_freq_factor"],
        RopeType.Yarn => ["factor", Original, "beta_fast", "beta_slow", "attention_factor", "mscale", "mscale_all_dim", "truncate"],
        _ => [],
    };

    private static string Name(RopeType type) => $"'{type.ToString().ToLowerInvariant()}'";

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

    private static RopeConfig Llama3(ConfigObject json, ConfigObject scaling, RopeConfig plain, int maxPositions)
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
            OriginalMaxPositions = OriginalLength(json, scaling, maxPositions),
        };
    }

    private static RopeConfig Yarn(ConfigObject json, ConfigObject scaling, RopeConfig plain, int maxPositions)
    {
        var original = OriginalLength(json, scaling, maxPositions);
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

    /// <summary>Gets the context length of the original training; as in transformers, the key outside the rotary settings has priority over the one inside.</summary>
    private static int OriginalLength(ConfigObject json, ConfigObject scaling, int maxPositions) =>
        json.Integer(Original, 1, int.MaxValue) ?? scaling.Integer(Original, 1, int.MaxValue) ?? maxPositions;

    private static double Required(ConfigObject scaling, string key) =>
        scaling.Positive(key) ?? throw scaling.Error(key, "is missing for this type of rotary scaling");
}
