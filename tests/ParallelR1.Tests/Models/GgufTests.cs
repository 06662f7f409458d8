using System.Buffers.Binary;
using ParallelR1.Models;
using ParallelR1.Models.Gguf;
using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Models;

public sealed class GgufTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AConvertedFolderLoadsWithQueryRowsInTheirOrder()
    {
        var config = GgufConverter.Convert(Save(GgufSample.Llama()), _folder["out"]);
        var loaded = ModelConfig.Load(_folder["out"]);
        Assert.Equal((1e-5, 100000d, CheckpointDType.F32), (loaded.RmsNormEps, loaded.Rope.Theta, loaded.WeightType));
        Assert.True(config.TieWordEmbeddings);
        Assert.Equal([3], loaded.EosIds);
        using var reader = CheckpointReader.Open(_folder["out"]);
        reader.CheckAgainst(loaded);
        var rows = reader.ReadFloats("model.layers.0.self_attn.q_proj.weight").Where((_, i) => i % GgufSample.Hidden == 0);
        Assert.Equal([0, 2, 1, 3, 4, 6, 5, 7], rows);
        Assert.Equal([0, 1, 2, 3], reader.ReadFloats("model.layers.0.self_attn.v_proj.weight").Where((_, i) => i % GgufSample.Hidden == 0));
        Assert.Equal(2, Tokenizer.Load(_folder["out"]).Encode("ab")[0]);
    }

    [Fact]
    public void EveryTruncationIsAClearError()
    {
        var whole = GgufSample.Llama();
        for (var length = 0; length < whole.Length - 32; length += length < 1500 ? 1 : 17)
            Assert.Throws<InputException>(() => Convert(whole[..length]));
    }

    [Fact]
    public void AFlippedByteIsAnErrorOrAnotherModel()
    {
        var whole = GgufSample.Llama();
        for (var at = 0; at < 1500; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= at % 2 == 0 ? (byte)255 : (byte)1;
            try
            {
                using var file = GgufFile.Open(Save(damaged));
                var config = GgufConfig.Read(file);
                GgufConversion.Tensors(file, config, CheckpointDType.F32, default);
                GgufTokens.Read(file, []);
            }
            catch (InputException)
            {
                // The clear error that was asked for.
            }
        }
    }

    [Fact]
    public void HugeCountsAllocateNothing()
    {
        var whole = GgufSample.Llama();
        foreach (var at in new[] { 8, 16, 24 })
        {
            var damaged = (byte[])whole.Clone();
            BinaryPrimitives.WriteUInt64LittleEndian(damaged.AsSpan(at), 1UL << 62);
            var path = Save(damaged);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InputException>(() => GgufFile.Open(path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Theory]
    [InlineData("general.architecture", "gpt2")]
    [InlineData("llama.embedding_length", 16u)]
    [InlineData("llama.attention.head_count", 3u)]
    [InlineData("llama.block_count", 0u)]
    [InlineData("llama.rope.scaling.type", "longrope")]
    [InlineData("tokenizer.ggml.model", "llama")]
    [InlineData("tokenizer.ggml.pre", "unheard-of")]
    [InlineData("general.alignment", 3u)]
    public void AContradictionStopsTheConversionAndLeavesNothing(string key, object value)
    {
        Assert.Throws<InputException>(() => Convert(GgufSample.Llama(m => m[key] = value)));
        Assert.Equal(["in.gguf"], Directory.GetFileSystemEntries(_folder.FullPath).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("llama.rope.scaling.attn_factor", 0.5f)]
    [InlineData("llama.rope.scaling.yarn_ext_factor", 1f)]
    [InlineData("llama.rope.scaling.yarn_log_multiplier", 0.1f)]
    [InlineData("llama.rope.scaling.unheard_of", 1f)]
    [InlineData("llama.rope.scaling.factor", -2f)]
    public void WhatWouldChangeTheRotationIsRefusedByName(string key, object value) =>
        Assert.Contains(key, Assert.Throws<InputException>(() => Convert(GgufSample.Llama(m => m[key] = value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("llama.rope.scaling.factor")]
    [InlineData("llama.rope.scale_linear")]
    public void AFactorWithoutATypeIsLinear(string key)
    {
        var rope = GgufConverter.Convert(Save(GgufSample.Llama(m => m[key] = 4f)), _folder["out"]).Rope;
        Assert.Equal((RopeType.Linear, 4), (rope.Type, rope.Factor));
    }

    [Fact]
    public void AFactorBesideTheTypeNoneIsNone() =>
        Assert.Equal(RopeType.Default, GgufConverter.Convert(Save(GgufSample.Llama(m => (m["llama.rope.scaling.type"], m["llama.rope.scaling.factor"]) = ("none", 4f))), _folder["out"]).Rope.Type);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFileWithoutMergesIsRefused(bool empty)
    {
        var file = GgufSample.Llama(m =>
        {
            m.Remove("tokenizer.ggml.merges");
            if (empty)
                m["tokenizer.ggml.merges"] = Array.Empty<string>();
        });
        Assert.Contains("tokenizer.ggml.merges", Assert.Throws<InputException>(() => Convert(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("default")]
    public void WithoutAPreTokenizerTheFamilyDecidesOrTheFileIsRefused(string? pre)
    {
        var unknown = GgufSample.Llama(m => Pre(m, pre));
        Assert.Contains("tokenizer.ggml.pre", Assert.Throws<InputException>(() => Convert(unknown)).Message, StringComparison.Ordinal);
        var llama3 = GgufSample.Llama(m =>
        {
            Pre(m, pre);
            m["tokenizer.ggml.tokens"] = new[] { "<|begin_of_text|>", "<|start_header_id|>", "a", "<|end_of_text|>" };
            m["tokenizer.ggml.merges"] = new[] { "#version: 0.2" };
        });
        Assert.Contains("Llama 3's", Assert.Single(GgufConverter.Convert(Save(llama3), _folder["out"]).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutTypesSpecialTokensGoByTheirSpelling()
    {
        var file = GgufSample.Llama(m => m.Remove("tokenizer.ggml.token_type"));
        Assert.Contains("token_type", Assert.Single(GgufConverter.Convert(Save(file), _folder["out"]).Warnings), StringComparison.Ordinal);
        var tokenizer = Tokenizer.Load(_folder["out"]);
        Assert.True(tokenizer.IsSpecial(3));
        Assert.False(tokenizer.IsSpecial(2));
    }

    [Theory]
    [InlineData("llama-bpe", true)]
    [InlineData("smollm", false)]
    public void Llama3BeginsItsTextsUnlessTheFileSaysOtherwise(string pre, bool begins)
    {
        Convert(GgufSample.Llama(m => (m["tokenizer.ggml.pre"], m["tokenizer.ggml.bos_token_id"]) = (pre, 3u)));
        Assert.Equal(begins ? [3, 0] : [0], Tokenizer.Load(_folder["out"]).Encode("a", addSpecialTokens: true));
    }

    [Fact]
    public void MinusOneIsNoToken()
    {
        var config = GgufConverter.Convert(Save(GgufSample.Llama(m => m["tokenizer.ggml.padding_token_id"] = uint.MaxValue)), _folder["out"]);
        Assert.Null(config.PadId);
        Assert.Null(Tokenizer.Load(_folder["out"]).PadId);
    }

    [Fact]
    public void AFolderThatIsNotEmptyIsRefused()
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/x"], "");
        Assert.Throws<UsageException>(() => Convert(GgufSample.Llama()));
    }

    [Fact]
    public void BlocksOf32AreDequantisedByTheirFormulas()
    {
        // Scale 0.5, minimum 1 where there is one; nibbles 3 (first half) and 12 (second half).
        byte[] half = [0x00, 0x38], one = [0x00, 0x3C], high = [0xFF, 0xFF, 0, 0];
        var nibbles = Enumerable.Repeat((byte)0xC3, 16).ToArray();
        AssertBlock(GgufType.Q4_0, [.. half, .. nibbles], -2.5f, 2);
        AssertBlock(GgufType.Q4_1, [.. half, .. one, .. nibbles], 2.5f, 7);
        AssertBlock(GgufType.Q5_0, [.. half, .. high, .. nibbles], 1.5f, -2);
        AssertBlock(GgufType.Q5_1, [.. half, .. one, .. high, .. nibbles], 10.5f, 7);
        AssertBlock(GgufType.Q8_0, [.. half, .. Enumerable.Repeat((byte)0xFE, 16), .. Enumerable.Repeat((byte)5, 16)], -1, 2.5f);
    }

    private static void AssertBlock(GgufType type, byte[] block, float first, float second)
    {
        var values = new float[32];
        Dequantizer.ToSingle(block, type, values);
        Assert.All(values[..16], v => Assert.Equal(first, v));
        Assert.All(values[16..], v => Assert.Equal(second, v));
    }

    private static void Pre(Dictionary<string, object> metadata, string? pre)
    {
        metadata.Remove("tokenizer.ggml.pre");
        if (pre is not null)
            metadata["tokenizer.ggml.pre"] = pre;
    }

    private string Save(byte[] bytes)
    {
        File.WriteAllBytes(_folder["in.gguf"], bytes);
        return _folder["in.gguf"];
    }

    private void Convert(byte[] bytes) => GgufConverter.Convert(Save(bytes), _folder["out"]);
}
