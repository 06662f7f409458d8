using System.Globalization;
using System.Text.Json;
using ParallelR1.IO;

namespace ParallelR1.Models;

/// <summary>Writes a <see cref="ModelConfig"/> as config.json and generation_config.json, with the key names of transformers 4.</summary>
internal static class ModelConfigWriter
{
    private const string Version = "4.51.0";

    public static void Write(ModelConfig config, string path) => WriteObject(path, json =>
    {
        var family = config.Architecture.ToString();
        json.WriteStartArray("architectures");
        json.WriteStringValue($"{family}ForCausalLM");
        json.WriteEndArray();
        if (config.Architecture != ModelArchitecture.Qwen2)
            json.WriteBoolean("attention_bias", config.OutputBias);
        Real(json, "attention_dropout", 0);
        Id(json, "bos_token_id", config.BosId);
        Ids(json, config.EosIds);
        json.WriteNumber("head_dim", config.HeadDim);
        json.WriteString("hidden_act", "silu");
        json.WriteNumber("hidden_size", config.HiddenSize);
        Real(json, "initializer_range", config.InitializerRange);
        json.WriteNumber("intermediate_size", config.IntermediateSize);
        json.WriteNumber("max_position_embeddings", config.MaxPositions);
        if (config.Architecture == ModelArchitecture.Llama)
            json.WriteBoolean("mlp_bias", config.FeedForwardBias);
        else
            json.WriteNumber("max_window_layers", config.Layers);
        json.WriteString("model_type", family.ToLowerInvariant());
        json.WriteNumber("num_attention_heads", config.Heads);
        json.WriteNumber("num_hidden_layers", config.Layers);
        json.WriteNumber("num_key_value_heads", config.KeyValueHeads);
        Id(json, "pad_token_id", config.PadId);
        Real(json, "rms_norm_eps", config.RmsNormEps);
        Rope(json, config.Rope);
        if (config.Architecture != ModelArchitecture.Llama)
        {
            json.WriteNull("sliding_window");
            json.WriteBoolean("use_sliding_window", false);
        }

        json.WriteBoolean("tie_word_embeddings", config.TieWordEmbeddings);
        json.WriteString("torch_dtype", config.WeightType.TorchName());
        json.WriteString("transformers_version", Version);
        json.WriteBoolean("use_cache", true);
        json.WriteNumber("vocab_size", config.VocabSize);
    });

    public static void WriteGeneration(ModelConfig config, string path) => WriteObject(path, json =>
    {
        json.WriteBoolean("_from_model_config", true);
        if (config.BosId is not null)
            Id(json, "bos_token_id", config.BosId);
        if (config.EosIds.Count > 0)
            Ids(json, config.EosIds);
        if (config.PadId is not null)
            Id(json, "pad_token_id", config.PadId);
        json.WriteString("transformers_version", Version);
    });

    private static void WriteObject(string path, Action<Utf8JsonWriter> body) => AtomicFile.Write(path, stream =>
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    });

    private static void Rope(Utf8JsonWriter json, RopeConfig rope)
    {
        if (rope.Type == RopeType.Default)
        {
            json.WriteNull("rope_scaling");
        }
        else
        {
            json.WriteStartObject("rope_scaling");
            Real(json, "factor", rope.Factor);
            if (rope.Type != RopeType.Linear)
                json.WriteNumber("original_max_position_embeddings", rope.OriginalMaxPositions);
            if (rope.Type == RopeType.Llama3)
            {
                Real(json, "low_freq_factor", rope.LowFrequencyFactor);
                Real(json, "high_freq_factor", rope.HighFrequencyFactor);
            }
            else if (rope.Type == RopeType.Yarn)
            {
                Yarn(json, rope);
            }

            json.WriteString("rope_type", rope.Type.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }

        Real(json, "rope_theta", rope.Theta);
    }

    private static void Yarn(Utf8JsonWriter json, RopeConfig rope)
    {
        Real(json, "beta_fast", rope.BetaFast);
        Real(json, "beta_slow", rope.BetaSlow);
        if (rope.AttentionFactor is { } attention)
            Real(json, "attention_factor", attention);
        if (rope.MScale is { } scale)
            Real(json, "mscale", scale);
        if (rope.MScaleAllDim is { } all)
            Real(json, "mscale_all_dim", all);
        if (!rope.Truncate)
            json.WriteBoolean("truncate", false);
    }

    private static void Id(Utf8JsonWriter json, string key, int? id)
    {
        if (id is { } value)
            json.WriteNumber(key, value);
        else
            json.WriteNull(key);
    }

    private static void Ids(Utf8JsonWriter json, IReadOnlyList<int> ids)
    {
        if (ids.Count <= 1)
        {
            Id(json, "eos_token_id", ids.Count == 1 ? ids[0] : null);
            return;
        }

        json.WriteStartArray("eos_token_id");
        foreach (var id in ids)
            json.WriteNumberValue(id);
        json.WriteEndArray();
    }

    /// <summary>Writes a number with a decimal point or exponent, for readers that distinguish 1.0 from 1.</summary>
    private static void Real(Utf8JsonWriter json, string key, double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        json.WritePropertyName(key);
        json.WriteRawValue(text.AsSpan().IndexOfAny(".eE") < 0 ? text + ".0" : text);
    }
}
