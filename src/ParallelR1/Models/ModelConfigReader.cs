namespace ParallelR1.Models;

/// <summary>Reads config.json and generation_config.json into a <see cref="ModelConfig"/>.</summary>
internal static class ModelConfigReader
{
    private const int Wide = 1 << 24;

    public static ModelConfig Read(string folder)
    {
        var json = ConfigObject.Read(Path.Combine(folder, "config.json"));
        var generationFile = Path.Combine(folder, "generation_config.json");
        return Read(json, File.Exists(generationFile) ? ConfigObject.Read(generationFile) : null);
    }

    private static ModelConfig Read(ConfigObject json, ConfigObject? generation)
    {
        var architecture = Architecture(json);
        RejectUnsupported(json, architecture);
        var heads = json.Required("num_attention_heads", 1, 1 << 16);
        var hidden = json.Required("hidden_size", 1, Wide);
        var headDim = HeadDim(json, architecture, hidden, heads);
        var keyValueHeads = json.Integer("num_key_value_heads", 1, 1 << 16) ?? heads;
        if (heads % keyValueHeads != 0)
            throw json.Error("num_key_value_heads", $"{keyValueHeads} does not divide num_attention_heads ({heads})");
        var attentionBias = architecture != ModelArchitecture.Qwen2 && (json.Flag("attention_bias") ?? false);
        var maxPositions = json.Integer("max_position_embeddings", 1, int.MaxValue)
            ?? (architecture == ModelArchitecture.Llama ? 2048 : 32768);
        var isLlama = architecture == ModelArchitecture.Llama;
        var warnings = new List<string>();
        return new ModelConfig
        {
            Architecture = architecture,
            VocabSize = json.Required("vocab_size", 1, int.MaxValue),
            HiddenSize = hidden,
            IntermediateSize = json.Required("intermediate_size", 1, Wide),
            Layers = json.Required("num_hidden_layers", 1, 1 << 12),
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadDim = headDim,
            RmsNormEps = json.Positive("rms_norm_eps") ?? 1e-6,
            TieWordEmbeddings = json.Flag("tie_word_embeddings") ?? false,
            MaxPositions = maxPositions,
            QueryKeyValueBias = architecture == ModelArchitecture.Qwen2 || attentionBias,
            OutputBias = attentionBias,
            FeedForwardBias = isLlama && (json.Flag("mlp_bias") ?? false),
            QueryKeyNorm = architecture == ModelArchitecture.Qwen3,
            Rope = RopeConfigReader.Read(json, headDim, maxPositions, warnings),
            Warnings = warnings.ToArray(),
            BosId = Id(generation, json, "bos_token_id", isLlama ? 1 : null),
            EosIds = Ids(generation, json, isLlama ? 2 : null),
            PadId = Id(generation, json, "pad_token_id", null),
            WeightType = WeightType(json),
            InitializerRange = json.Positive("initializer_range") ?? 0.02,
        };
    }

    private static ModelArchitecture Architecture(ConfigObject json) => json.Text("model_type") switch
    {
        "qwen3" => ModelArchitecture.Qwen3,
        "qwen2" => ModelArchitecture.Qwen2,
        "llama" => ModelArchitecture.Llama,
        null => throw json.Error("model_type", "is missing; qwen3, qwen2 and llama are supported"),
        var other => throw json.Error("model_type", $"'{other}' is not supported; qwen3, qwen2 and llama are"),
    };

    private static void RejectUnsupported(ConfigObject json, ModelArchitecture architecture)
    {
        if (json.Text("hidden_act") is { } act && act is not ("silu" or "swish"))
            throw json.Error("hidden_act", $"'{act}' is not supported; silu is");
        if (json.Has("quantization_config"))
            throw json.Error("quantization_config", "quantised weights are not supported; use the unquantised checkpoint, or a GGUF file with model convert");
        if (json.Number("partial_rotary_factor") is { } part && part != 1)
            throw json.Error("partial_rotary_factor", $"{part} is not supported; only whole heads are rotated");
        if (architecture == ModelArchitecture.Llama)
            return;
        var slides = (json.Flag("use_sliding_window") ?? false) && json.Integer("sliding_window", 0, int.MaxValue) is not null;
        var layers = json.Required("num_hidden_layers", 1, 1 << 12);
        if (json.Texts("layer_types") is { } types)
        {
            if (types.Length != layers)
                throw json.Error("layer_types", $"has {types.Length} entries for num_hidden_layers {layers}");
            if (types.FirstOrDefault(t => t != "full_attention") is { } other)
                throw json.Error("layer_types", $"'{other}' is not supported; full_attention is");
        }
        else if (slides && (json.Integer("max_window_layers", 0, int.MaxValue) ?? 28) < layers)
        {
            throw json.Error("use_sliding_window", "sliding-window attention is not supported; set it to false to attend to everything");
        }
    }

    private static int HeadDim(ConfigObject json, ModelArchitecture architecture, int hidden, int heads)
    {
        var headDim = json.Integer("head_dim", 1, 1 << 16);
        if (headDim is null && architecture == ModelArchitecture.Qwen3 && !json.IsPresent("head_dim"))
            headDim = 128;
        if (headDim is null && hidden % heads != 0)
            throw json.Error("hidden_size", $"{hidden} is not a multiple of num_attention_heads ({heads}), and head_dim is not given");
        var size = headDim ?? hidden / heads;
        return size % 2 == 0 ? size : throw json.Error("head_dim", $"{size} is odd; rotary embedding turns pairs of dimensions");
    }

    private static int? Id(ConfigObject? generation, ConfigObject json, string key, int? absent)
    {
        if (generation?.Ids(key) is [var given, ..])
            return given;
        return !json.IsPresent(key) ? absent : json.Ids(key) is [var id, ..] ? id : null;
    }

    private static int[] Ids(ConfigObject? generation, ConfigObject json, int? absent)
    {
        const string Key = "eos_token_id";
        if (generation?.Ids(Key) is { Length: > 0 } given)
            return given;
        if (json.IsPresent(Key))
            return json.Ids(Key);
        return absent is { } id ? [id] : [];
    }

    private static CheckpointDType WeightType(ConfigObject json)
    {
        var key = json.Has("dtype") ? "dtype" : "torch_dtype";
        if (json.Text(key) is not { } name || name == "auto")
            return CheckpointDType.F32;
        return CheckpointDTypes.FromTorchName(name)
            ?? throw json.Error(key, $"'{name}' is not supported; float32, bfloat16, float16 and float64 are");
    }
}
