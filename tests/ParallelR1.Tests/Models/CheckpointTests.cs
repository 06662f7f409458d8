using ParallelR1.Models;

namespace ParallelR1.Tests.Models;

public sealed class CheckpointTests : IDisposable
{
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
        var config = new ModelConfig
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
        CheckpointWriter.Write(_folder.FullPath, config.Tensors().Select(t => TensorSource.FromFloats(t.Key, new float[t.Value.Aggregate(1L, (a, b) => a * b)], t.Value)));
        using var reader = CheckpointReader.Open(_folder.FullPath);
        reader.CheckAgainst(config);
        Assert.Contains("model.embed_tokens.weight' is [3, 4], the config says [5, 4]", Assert.Throws<InputException>(() => reader.CheckAgainst(config with { VocabSize = 5 })).Message, StringComparison.Ordinal);
        Assert.Contains("q_proj.bias' is missing", Assert.Throws<InputException>(() => reader.CheckAgainst(config with { QueryKeyValueBias = true })).Message, StringComparison.Ordinal);
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

    private static IEnumerable<TensorSource> Sample() =>
        Enumerable.Range(0, 4).Select(i => TensorSource.FromFloats($"t{i}", [i, i + 1, i + 2, i + 3], 2, 2));

    private string Error() => Assert.Throws<InputException>(() => CheckpointReader.Open(_folder.FullPath)).Message;
}
