namespace ParallelR1.Models.Gguf;

/// <summary>Reads the decoder's settings from a GGUF file's metadata and tensors.</summary>
internal static class GgufConfig
{
    private const int Wide = 1 << 24;
    private static readonly string[] s_ends = ["eos_token_id", "eot_token_id", "eom_token_id"];

    public static ModelConfig Read(GgufFile file)
    {
        var metadata = new GgufMetadata(file);
        var name = metadata.Text("general.architecture") ?? throw metadata.Error("general.architecture", "is missing");
        var architecture = name switch
        {
            "llama" => ModelArchitecture.Llama,
            "qwen2" => ModelArchitecture.Qwen2,
            "qwen3" => ModelArchitecture.Qwen3,
            _ => throw metadata.Error("general.architecture", $"'{name}' is not supported; llama, qwen2 and qwen3 are"),
        };
        if (metadata.Integer($"{name}.expert_count", 0, int.MaxValue) is > 0)
            throw metadata.Error($"{name}.expert_count", "mixtures of experts are not supported");
        var embedding = file.Find("token_embd.weight") is { Shape.Count: 2 } found
            ? found
            : throw new InputException($"{file.Path}: has no matrix 'token_embd.weight'; is this the file of a whole model?");
        var hidden = metadata.Required($"{name}.embedding_length", 1, Wide);
        var heads = metadata.Required($"{name}.attention.head_count", 1, 1 << 16);
        var keyValueHeads = metadata.Integer($"{name}.attention.head_count_kv", 1, 1 << 16) ?? heads;
        if (heads % keyValueHeads != 0)
            throw metadata.Error($"{name}.attention.head_count_kv", $"{keyValueHeads} does not divide head_count ({heads})");
        var headDim = HeadDim(metadata, name, hidden, heads);
        var maxPositions = metadata.Integer($"{name}.context_length", 1, int.MaxValue) ?? 2048;
        return new ModelConfig
        {
            Architecture = architecture,
            VocabSize = embedding.Shape[0] <= int.MaxValue ? (int)embedding.Shape[0] : throw new InputException($"{file.Path}: 'token_embd.weight' is {embedding.ShapeText}, too large"),
            HiddenSize = hidden,
            IntermediateSize = metadata.Required($"{name}.feed_forward_length", 1, Wide),
            Layers = metadata.Required($"{name}.block_count", 1, 1 << 12),
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadDim = headDim,
            RmsNormEps = Epsilon(metadata, $"{name}.attention.layer_norm_rms_epsilon"),
            TieWordEmbeddings = file.Find("output.weight") is null,
            MaxPositions = maxPositions,
            QueryKeyValueBias = architecture == ModelArchitecture.Qwen2 || HasBias(file, "attn_q"),
            OutputBias = architecture != ModelArchitecture.Qwen2 && HasBias(file, "attn_q"),
            FeedForwardBias = architecture == ModelArchitecture.Llama && HasBias(file, "ffn_up"),
            QueryKeyNorm = architecture == ModelArchitecture.Qwen3,
            Rope = GgufRope.Read(file, metadata, name, headDim, maxPositions),
            BosId = metadata.Id("tokenizer.ggml.bos_token_id"),
            EosIds = EosIds(metadata),
            PadId = metadata.Id("tokenizer.ggml.padding_token_id"),
        };
    }

    private static bool HasBias(GgufFile file, string part) => file.Find($"blk.0.{part}.bias") is not null;

    private static int HeadDim(GgufMetadata metadata, string name, int hidden, int heads)
    {
        var key = $"{name}.attention.key_length";
        var given = metadata.Integer(key, 1, 1 << 16);
        if (given is null && hidden % heads != 0)
            throw metadata.Error($"{name}.embedding_length", $"{hidden} is not a multiple of head_count ({heads})");
        var size = given ?? hidden / heads;
        if (size % 2 != 0)
            throw metadata.Error(key, $"{size} is odd; rotary embedding turns pairs of dimensions");
        if ((metadata.Integer($"{name}.attention.value_length", 1, 1 << 16) ?? size) != size)
            throw metadata.Error($"{name}.attention.value_length", $"differs from the key length ({size}), which is not supported");
        if ((metadata.Integer($"{name}.rope.dimension_count", 1, 1 << 16) ?? size) != size)
            throw metadata.Error($"{name}.rope.dimension_count", $"differs from the size of a head ({size}), which is not supported");
        return size;
    }

    /// <summary>Reads ε. The file stores an f32; its shortest decimal is the number in the original config.</summary>
    private static double Epsilon(GgufMetadata metadata, string key)
    {
        var value = metadata.Number(key) ?? throw metadata.Error(key, "is missing");
        return value > 0 ? GgufRope.Decimal(value) : throw metadata.Error(key, $"{value} is not above 0");
    }

    private static int[] EosIds(GgufMetadata metadata)
    {
        var ids = s_ends
            .Select(key => metadata.Id($"tokenizer.ggml.{key}"))
            .OfType<int>();
        return [.. ids.Distinct()];
    }
}
