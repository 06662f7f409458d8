using System.Buffers.Binary;
using System.Text;
using ParallelR1.Models;

namespace ParallelR1.Tests.Models;

public sealed class CheckpointTests : IDisposable
{
    private static readonly ModelConfig s_tied = new()
    {
        Architecture = ModelArchitecture.Llama,
        VocabSize = 3,
        HiddenSize = 4,
        IntermediateSize = 2,
        Layers = 1,
        Heads = 1,
        KeyValueHeads = 1,
        HeadDim = 4,
        TieWordEmbeddings = true,
        Rope = new RopeConfig(10000, 4),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1_000_000, 1)]
    [InlineData(40, 2)]
    [InlineData(1, 4)]
    public void ACheckpointIsReadBackWhateverItsShards(long shardBytes, int files)
    {
        CheckpointWriter.Write(_folder.FullPath, Sample(), shardBytes);
        Assert.Equal(files, Directory.GetFiles(_folder.FullPath, "*.safetensors").Length);
        Assert.Equal(files > 1, File.Exists(_folder["model.safetensors.index.json"]));
        using var reader = CheckpointReader.Open(_folder.FullPath);
        Assert.Equal(["t0", "t1", "t2", "t3"], reader.Tensors.Select(t => t.Name).Order());
        for (var i = 0; i < 4; i++)
            Assert.Equal([i, i + 1, i + 2, i + 3], reader.ReadFloats($"t{i}"));
    }

    [Fact]
    public void AShardedCheckpointReplacedByOneFileLeavesNoOldShards()
    {
        CheckpointWriter.Write(_folder.FullPath, Sample(), 1);
        CheckpointWriter.Write(_folder.FullPath, Sample());
        Assert.Equal([_folder["model.safetensors"]], Directory.GetFiles(_folder.FullPath));
    }

    [Fact]
    public void AMissingShardIsNamed()
    {
        CheckpointWriter.Write(_folder.FullPath, Sample(), 1);
        File.Delete(_folder["model-00003-of-00004.safetensors"]);
        Assert.Contains("model-00003-of-00004.safetensors is missing", Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void ANameInTwoShardsIsNamed()
    {
        CheckpointWriter.Write(_folder.FullPath, Sample(), 1);
        File.Copy(_folder["model-00001-of-00004.safetensors"], _folder["model-00002-of-00004.safetensors"], overwrite: true);
        Assert.Contains("'t0' is also in", Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void ANameThatItsShardLacksIsNamed()
    {
        CheckpointWriter.Write(_folder.FullPath, Sample(), 1);
        var index = _folder["model.safetensors.index.json"];
        File.WriteAllText(index, File.ReadAllText(index).Replace("\"t1\"", "\"other\"", StringComparison.Ordinal));
        Assert.Contains("'other'", Error(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"../secret"}}""")]
    [InlineData("""{"weight_map":{"a":"/etc/passwd"}}""")]
    [InlineData("""{"weight_map":{"a":7}}""")]
    [InlineData("""{"weight_map":{"a":""}}""")]
    [InlineData("""{"weight_map":[]}""")]
    [InlineData("{}")]
    public void AHostileIndexIsAClearError(string index)
    {
        File.WriteAllText(_folder["model.safetensors.index.json"], index);
        Assert.Contains("index.json", Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderWithoutACheckpointIsWrongUsage() => Assert.Throws<UsageException>(() => CheckpointReader.Open(_folder.FullPath));

    [Fact]
    public void WeightsThatDoNotFitTheConfigAreNamed()
    {
        Write(s_tied);
        using var reader = CheckpointReader.Open(_folder.FullPath);
        reader.CheckAgainst(s_tied);
        Assert.Contains("model.embed_tokens.weight' is [3, 4], the config says [5, 4]", Assert.Throws<InputException>(() => reader.CheckAgainst(s_tied with { VocabSize = 5 })).Message, StringComparison.Ordinal);
        Assert.Contains("q_proj.bias' is missing", Assert.Throws<InputException>(() => reader.CheckAgainst(s_tied with { QueryKeyValueBias = true })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CheckpointDType.F32)]
    [InlineData(CheckpointDType.BF16)]
    public void ATiedHeadThatDiffersFromTheEmbeddingCounts(CheckpointDType type)
    {
        var head = Values(3 * 4);
        head[^1] += 1;
        Write(s_tied, Head(head, type));
        var fitted = Fit(s_tied);
        Assert.False(fitted.TieWordEmbeddings);
        Assert.Contains("lm_head.weight", Assert.Single(fitted.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CheckpointDType.F32)]
    [InlineData(CheckpointDType.F64)]
    public void AnEqualCopyOfTheEmbeddingStaysTied(CheckpointDType type)
    {
        Write(s_tied, Head(Values(3 * 4), type));
        Assert.Same(s_tied, Fit(s_tied));
    }

    [Fact]
    public void AnUntiedModelWithoutAHeadIsReadAsTied()
    {
        Write(s_tied);
        var fitted = Fit(s_tied with { TieWordEmbeddings = false });
        Assert.True(fitted.TieWordEmbeddings);
        Assert.Contains("tie_word_embeddings", Assert.Single(fitted.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ABareDecodersNamesGetTheirPrefix()
    {
        CheckpointWriter.Write(_folder.FullPath, Weights(s_tied).Select(t => t with { Entry = t.Entry with { Name = t.Entry.Name["model.".Length..] } }));
        using var reader = CheckpointReader.Open(_folder.FullPath);
        Assert.Same(s_tied, reader.Fit(s_tied));
        Assert.Equal(Values(4), reader.ReadFloats("model.norm.weight"));
        Assert.Equal(s_tied.Tensors().Select(t => t.Key).Order(StringComparer.Ordinal), reader.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AnIndexMayNameATiedHeadThatNoShardHolds()
    {
        WriteIndexWith("lm_head.weight");
        Assert.Same(s_tied, Fit(s_tied));
    }

    [Fact]
    public void AnUntiedHeadThatTheIndexPromisesIsMissed()
    {
        WriteIndexWith("lm_head.weight");
        Assert.Contains("'lm_head.weight', which no shard holds", Assert.Throws<InputException>(() => Fit(s_tied with { TieWordEmbeddings = false })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsOf8BitsAreNamedWithARemedy()
    {
        Write(s_tied);
        var bytes = File.ReadAllBytes(_folder["model.safetensors"]);
        var header = Encoding.UTF8.GetString(bytes.AsSpan(8, (int)BinaryPrimitives.ReadInt64LittleEndian(bytes)));
        // As many bytes, as 8-bit floats in a wider matrix.
        var changed = header.Replace("\"F32\",\"shape\":[3,4]", "\"F8_E4M3\",\"shape\":[3,16]", StringComparison.Ordinal);
        Assert.NotEqual(header, changed);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, Encoding.UTF8.GetByteCount(changed));
        File.WriteAllBytes(_folder["model.safetensors"], [.. length, .. Encoding.UTF8.GetBytes(changed), .. bytes[(8 + header.Length)..]]);
        var error = Assert.Throws<InputException>(() => Fit(s_tied with { HiddenSize = 16 })).Message;
        foreach (var part in new[] { "model.safetensors", "model.embed_tokens.weight", "F8_E4M3", "bfloat16" })
            Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("model-00002-of-00004.safetensors")]
    [InlineData("model.safetensors.index.json")]
    public void AGitLfsPointerIsCalledOne(string file)
    {
        CheckpointWriter.Write(_folder.FullPath, Sample(), file == "model.safetensors" ? 1000 : 1);
        File.WriteAllText(_folder[file], "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 3087467144\n");
        var error = Error();
        Assert.Contains($"{file}: is a Git LFS pointer", error, StringComparison.Ordinal);
        Assert.Contains("git lfs pull", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ALinkIsReadAsItsTarget()
    {
        Write(s_tied);
        var size = new FileInfo(_folder["model.safetensors"]).Length;
        File.Move(_folder["model.safetensors"], _folder["blob"]);
        File.CreateSymbolicLink(_folder["model.safetensors"], "blob");
        s_tied.Save(_folder.FullPath);
        Assert.Equal(size, ModelInfo.Read(_folder.FullPath).FileBytes);
    }

    [Fact]
    public void ALinkWithoutATargetIsCalledOne()
    {
        File.CreateSymbolicLink(_folder["model.safetensors"], "blob");
        Assert.Contains("is a symbolic link to blob, which does not exist", Assert.Throws<UsageException>(() => CheckpointReader.Open(_folder.FullPath)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CheckpointDType.BF16)]
    [InlineData(CheckpointDType.F16)]
    [InlineData(CheckpointDType.F64)]
    [InlineData(CheckpointDType.F32)]
    public void StoredTypesRoundToNearestEven(CheckpointDType type)
    {
        var key = RandomKey.FromSeed(1);
        var values = Enumerable.Range(0, 1003).Select(i => i % 17 == 0 ? float.NaN : (float)key.Normal(i)).Concat([float.PositiveInfinity, -0f, 1.00390625f, 1.01171875f]).ToArray();
        var bytes = new byte[values.Length * type.Size()];
        FloatConversion.FromSingle(values, type, bytes);
        var back = new float[values.Length];
        FloatConversion.ToSingle(bytes, type, back);
        for (var i = 0; i < values.Length; i++)
        {
            if (float.IsFinite(values[i]))
                Assert.InRange(Math.Abs(back[i] - values[i]), 0, Math.Abs(values[i]) / 256);
            else
                Assert.Equal(values[i], back[i]);
        }

        if (type == CheckpointDType.BF16)
            Assert.Equal([1f, 1.015625f], back[^2..]);
    }

    private static float[] Values(long count) => [.. Enumerable.Range(0, (int)count).Select(i => i / 4f)];

    private static IEnumerable<TensorSource> Weights(ModelConfig config) =>
        config.Tensors().Select(t => TensorSource.FromFloats(t.Key, Values(t.Value.Aggregate(1L, (a, b) => a * b)), t.Value));

    private static TensorSource Head(float[] values, CheckpointDType type)
    {
        var bytes = new byte[values.Length * type.Size()];
        FloatConversion.FromSingle(values, type, bytes);
        return new TensorSource(new TensorEntry("lm_head.weight", type, [3, 4]), stream => stream.Write(bytes));
    }

    private void Write(ModelConfig config, params TensorSource[] more) => CheckpointWriter.Write(_folder.FullPath, [.. Weights(config), .. more]);

    private void WriteIndexWith(string name)
    {
        CheckpointWriter.Write(_folder.FullPath, Weights(s_tied), 1);
        var index = _folder["model.safetensors.index.json"];
        File.WriteAllText(index, File.ReadAllText(index).Replace("\"weight_map\": {", $"\"weight_map\": {{ \"{name}\": \"{Path.GetFileName(Directory.GetFiles(_folder.FullPath, "*.safetensors")[0])}\",", StringComparison.Ordinal));
    }

    private ModelConfig Fit(ModelConfig config)
    {
        using var reader = CheckpointReader.Open(_folder.FullPath);
        return reader.Fit(config);
    }

    private static IEnumerable<TensorSource> Sample() =>
        Enumerable.Range(0, 4).Select(i => TensorSource.FromFloats($"t{i}", [i, i + 1, i + 2, i + 3], 2, 2));

    private string Error() => Assert.Throws<InputException>(() => CheckpointReader.Open(_folder.FullPath)).Message;
}
