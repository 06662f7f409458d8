using System.Text.Json.Nodes;
using ParallelR1.Models;

namespace ParallelR1.Tests.Models;

public class ModelConfigTests
{
    private const string Small = """{"model_type":"qwen3","vocab_size":10,"hidden_size":8,"intermediate_size":12,"num_hidden_layers":2,"num_attention_heads":2,"num_key_value_heads":1,"head_dim":6}""";

    [Fact]
    public void BothSpellingsOfRotarySettingsMeanTheSame()
    {
        var old = Load(Small, ("rope_theta", 5e5), ("rope_scaling", Json("""{"type":"linear","factor":2}""")), ("torch_dtype", "bfloat16"));
        var current = Load(Small, ("rope_parameters", Json("""{"rope_type":"linear","rope_theta":500000.0,"factor":2.0}""")), ("dtype", "bfloat16"));
        Assert.Equal(old.Rope, current.Rope);
        Assert.Equal(RopeType.Linear, old.Rope.Type);
        Assert.Equal(500000, old.Rope.Theta);
        Assert.Equal(CheckpointDType.BF16, old.WeightType);
        Assert.Equal(CheckpointDType.BF16, current.WeightType);
    }

    [Fact]
    public void DefaultsAreThoseOfTransformers()
    {
        var config = Load("""{"model_type":"llama","vocab_size":10,"hidden_size":8,"intermediate_size":12,"num_hidden_layers":1,"num_attention_heads":2}""");
        Assert.Equal((2, 4, 1e-6, false, 2048), (config.KeyValueHeads, config.HeadDim, config.RmsNormEps, config.TieWordEmbeddings, config.MaxPositions));
        Assert.Equal(1, config.BosId);
        Assert.Equal([2], config.EosIds);
        Assert.Equal(10000, config.Rope.Theta);
        Assert.False(config.QueryKeyValueBias || config.OutputBias || config.FeedForwardBias || config.QueryKeyNorm);
    }

    [Fact]
    public void Qwen2HasBiasesOnQueryKeyAndValueOnly()
    {
        var config = Load(Small.Replace("qwen3", "qwen2", StringComparison.Ordinal));
        Assert.True(config is { QueryKeyValueBias: true, OutputBias: false, FeedForwardBias: false, QueryKeyNorm: false });
    }

    [Fact]
    public void EndOfTextComesFromTheGenerationConfigFirst()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], With(Small, ("eos_token_id", 3)));
        File.WriteAllText(folder["generation_config.json"], """{"eos_token_id":[4,5]}""");
        Assert.Equal([4, 5], ModelConfig.Load(folder.FullPath).EosIds);
    }

    [Theory]
    [InlineData("model_type", "\"gpt2\"")]
    [InlineData("model_type", "7")]
    [InlineData("hidden_act", "\"gelu\"")]
    [InlineData("hidden_size", "0")]
    [InlineData("hidden_size", "8.5")]
    [InlineData("hidden_size", "1e300")]
    [InlineData("vocab_size", "null")]
    [InlineData("vocab_size", "99999999999")]
    [InlineData("num_hidden_layers", "1000000000")]
    [InlineData("num_key_value_heads", "3")]
    [InlineData("head_dim", "5")]
    [InlineData("rms_norm_eps", "0")]
    [InlineData("eos_token_id", "\"x\"")]
    [InlineData("eos_token_id", "-2")]
    [InlineData("eos_token_id", "[0, 1.5]")]
    [InlineData("torch_dtype", "\"int4\"")]
    [InlineData("quantization_config", "{}")]
    [InlineData("tie_word_embeddings", "1")]
    [InlineData("rope_scaling", "{\"type\":\"dynamic\",\"factor\":2}")]
    [InlineData("rope_scaling", "{\"type\":\"linear\"}")]
    [InlineData("rope_scaling", "{\"type\":\"linear\",\"factor\":0}")]
    [InlineData("rope_scaling", "{\"rope_type\":\"llama3\",\"factor\":2,\"low_freq_factor\":4,\"high_freq_factor\":4}")]
    [InlineData("rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":2,\"long_factor\":[1,2,3]}")]
    [InlineData("rope_scaling", "{\"rope_type\":\"linear\",\"factor\":2,\"mystery\":[1]}")]
    [InlineData("rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":2,\"partial_rotary_factor\":0.5}")]
    [InlineData("rope_scaling", "[]")]
    [InlineData("rope_theta", "1")]
    [InlineData("layer_types", "[\"full_attention\",\"sliding_attention\"]")]
    public void AnImpossibleSettingIsNamed(string key, string value)
    {
        var error = Assert.Throws<InputException>(() => Load(Small, (key, Json(value))));
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attn_factor", "0.878")]
    [InlineData("finetuned", "true")]
    [InlineData("low_freq_factor", "1")]
    public void ARotaryKeyThatTheTypeDoesNotUseIsPassedOverWithAWarning(string key, string value)
    {
        var config = Load(Small, ("rope_scaling", Json($$"""{"type":"yarn","factor":4,"{{key}}":{{value}}}""")));
        Assert.Equal(Load(Small, ("rope_scaling", Json("""{"type":"yarn","factor":4}"""))).Rope, config.Rope);
        Assert.Contains(key, Assert.Single(config.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yarn", "\"factor\":4")]
    [InlineData("llama3", "\"factor\":4,\"low_freq_factor\":1,\"high_freq_factor\":4")]
    public void TheOriginalContextMayStandBesideTheRotarySettings(string type, string more)
    {
        var inside = Load(Small, ("rope_scaling", Json($$"""{"type":"{{type}}",{{more}},"original_max_position_embeddings":32}""")));
        var beside = Load(Small, ("rope_scaling", Json($$"""{"type":"{{type}}",{{more}}}""")), ("original_max_position_embeddings", 32));
        Assert.Equal(inside.Rope, beside.Rope);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("null")]
    [InlineData("[-1]")]
    [InlineData("[null]")]
    [InlineData("[]")]
    public void MinusOneAndNullAreNoToken(string none)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], With(Small, ("eos_token_id", 3), ("pad_token_id", Json("-1"))));
        File.WriteAllText(folder["generation_config.json"], $$"""{"eos_token_id":{{none}},"pad_token_id":{{none}}}""");
        var config = ModelConfig.Load(folder.FullPath);
        Assert.Equal([3], config.EosIds);
        Assert.Null(config.PadId);
    }

    [Theory]
    [InlineData("fp16", CheckpointDType.F16)]
    [InlineData("BF16", CheckpointDType.BF16)]
    [InlineData("torch.float32", CheckpointDType.F32)]
    public void TypesGoByManyNames(string name, CheckpointDType type) => Assert.Equal(type, Load(Small, ("dtype", name)).WeightType);

    [Fact]
    public void AByteOrderMarkIsPassedOver() => Assert.Equal(10, Load("\uFEFF" + Small).VocabSize);

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("[0.0, -Infinity]")]
    public void PythonsNumbersStandInKeysThatDoNotMatter(string value) =>
        Assert.Equal(10, Load(Small[..^1] + $$""","time_step_limit":{{value}},"note":"NaN \"Infinity"}""").VocabSize);

    [Theory]
    [InlineData("rms_norm_eps", "NaN")]
    [InlineData("rope_theta", "Infinity")]
    public void PythonsNumbersAreNamedInKeysThatMatter(string key, string value) =>
        Assert.Contains($"config.json: {key}: expected a finite number", Assert.Throws<InputException>(() => Load(Small[..^1] + $$""","{{key}}":{{value}}}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void AValueOverSeveralLinesGivesAnErrorOnOneLine()
    {
        var error = Assert.Throws<InputException>(() => Load(Small[..^1] + ",\"dtype\":{\n\"\":\n\"float32\"\n}}"));
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains("config.json: dtype: expected a string, found { \"\": \"float32\" }", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SlidingWindowsAreRefusedOnlyWhereALayerUsesThem()
    {
        Assert.Throws<InputException>(() => Load(Small, ("use_sliding_window", true), ("sliding_window", 4), ("max_window_layers", 1)));
        Load(Small, ("use_sliding_window", true), ("sliding_window", 4), ("max_window_layers", 2));
        Load(Small, ("use_sliding_window", false), ("sliding_window", 4), ("max_window_layers", 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"model_type\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public void WhatIsNotAConfigIsDamagedInput(string text) => Assert.Throws<InputException>(() => Load(text));

    [Fact]
    public void AMissingFolderIsWrongUsage() => Assert.Throws<UsageException>(() => ModelConfig.Load("no-such-folder"));

    [Fact]
    public void WhatIsSavedLoadsAsTheSame()
    {
        using var folder = new TemporaryFolder();
        foreach (var config in Variants())
        {
            config.Save(folder.FullPath);
            config.SaveGenerationConfig(folder.FullPath);
            var again = ModelConfig.Load(folder.FullPath);
            Assert.Equal(config.EosIds, again.EosIds);
            Assert.Equal(config with { EosIds = [] }, again with { EosIds = [] });
        }
    }

    private static IEnumerable<ModelConfig> Variants()
    {
        yield return Load(Small, ("rope_theta", 1e6), ("bos_token_id", 1), ("eos_token_id", Json("[2,3]")), ("torch_dtype", "bfloat16"));
        yield return Load(Small.Replace("qwen3", "qwen2", StringComparison.Ordinal), ("tie_word_embeddings", true), ("rms_norm_eps", 1e-5));
        yield return Load(Small.Replace("qwen3", "llama", StringComparison.Ordinal), ("attention_bias", true), ("mlp_bias", true), ("rope_scaling", Json("""{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":64}""")));
        yield return Load(Small, ("rope_scaling", Json("""{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":32,"attention_factor":0.9,"mscale":1.5,"mscale_all_dim":0.5,"beta_fast":20,"truncate":false}""")));
        yield return Load(Small, ("rope_scaling", Json("""{"type":"linear","factor":2.5}""")), ("max_position_embeddings", 77));
    }

    private static JsonNode? Json(string text) => JsonNode.Parse(text);

    private static string With(string json, params (string Key, JsonNode? Value)[] changes)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        foreach (var (key, value) in changes)
            node[key] = value;
        return node.ToJsonString();
    }

    private static ModelConfig Load(string json, params (string Key, JsonNode? Value)[] changes)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], changes.Length == 0 ? json : With(json, changes));
        return ModelConfig.Load(folder.FullPath);
    }
}
