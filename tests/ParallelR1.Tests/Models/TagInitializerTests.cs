using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;

namespace ParallelR1.Tests.Models;

public sealed class TagInitializerTests : IDisposable
{
    private static readonly string[] s_tokens = [.. "<>/PathrlelSumy".Distinct().Select(c => c.ToString())];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(4, true)]
    [InlineData(20, false)]
    public void TagsGetDistinctRowsNearTheMeanOfTheirPieces(int spare, bool tied)
    {
        var model = Model(spare, tied);
        var ids = TagInitializer.Run(model, _folder["out"], 1);
        var config = ModelConfig.Load(_folder["out"]);
        Assert.Equal(Math.Max(s_tokens.Length + spare, s_tokens.Length + 6), config.VocabSize);
        Assert.Equal(Enumerable.Range(s_tokens.Length, 6), ids.OrderBy(t => t.Key).Select(t => t.Value));
        using var before = CheckpointReader.Open(model);
        using var after = CheckpointReader.Open(_folder["out"]);
        after.CheckAgainst(config);
        foreach (var name in tied ? ["model.embed_tokens.weight"] : new[] { "model.embed_tokens.weight", "lm_head.weight" })
            AssertRows(before.ReadFloats(name), after.ReadFloats(name), ids, Tokenizer.Load(model));
        foreach (var tensor in before.Tensors.Where(t => !t.Name.Contains("embed", StringComparison.Ordinal) && t.Name != "lm_head.weight"))
            Assert.True(before.Bytes(tensor.Name).SequenceEqual(after.Bytes(tensor.Name)), tensor.Name);
        Assert.Equal(ids[ThinkingTag.PathOpen], Assert.Single(Tokenizer.Load(_folder["out"]).Encode("<Path>")));
    }

    [Fact]
    public void AHeadOfItsOwnIsKeptThoughTheConfigSaysTied()
    {
        var model = Model(0, false);
        (ModelConfig.Load(model) with { TieWordEmbeddings = true }).Save(model);
        TagInitializer.Run(model, _folder["out"], 1);
        Assert.False(ModelConfig.Load(_folder["out"]).TieWordEmbeddings);
        using var before = CheckpointReader.Open(model);
        using var after = CheckpointReader.Open(_folder["out"]);
        Assert.Equal(before.ReadFloats("lm_head.weight"), after.ReadFloats("lm_head.weight")[..(s_tokens.Length * 8)]);
    }

    [Fact]
    public void AnAddedTokenBeyondTheMatrixGetsARowOfItsOwn()
    {
        var model = Model(0, false);
        Tokenizer.Load(model).WithAddedTokens(["[PAD]"]).Save(model);

        var ids = TagInitializer.Run(model, _folder["out"], 1);

        Assert.Equal(s_tokens.Length + 7, ModelConfig.Load(_folder["out"]).VocabSize);
        Assert.Equal(Enumerable.Range(s_tokens.Length + 1, 6), ids.OrderBy(t => t.Key).Select(t => t.Value));
        using var before = CheckpointReader.Open(model);
        using var after = CheckpointReader.Open(_folder["out"]);
        var rows = before.ReadFloats("lm_head.weight");
        var padding = after.ReadFloats("lm_head.weight")[(s_tokens.Length * 8)..((s_tokens.Length + 1) * 8)];
        for (var i = 0; i < 8; i++)
            Assert.Equal(Enumerable.Range(0, s_tokens.Length).Average(row => rows[(row * 8) + i]), padding[i], 1e-5);
    }

    [Fact]
    public void TheSameSeedGivesTheSameFile()
    {
        var model = Model(0, true);
        TagInitializer.Run(model, _folder["a"], 7);
        TagInitializer.Run(model, _folder["b"], 7);
        TagInitializer.Run(model, _folder["c"], 8);
        Assert.Equal(File.ReadAllBytes(_folder["a/model.safetensors"]), File.ReadAllBytes(_folder["b/model.safetensors"]));
        Assert.NotEqual(File.ReadAllBytes(_folder["a/model.safetensors"]), File.ReadAllBytes(_folder["c/model.safetensors"]));
    }

    [Fact]
    public void TwiceAndInPlaceAreRefused()
    {
        var model = Model(0, true);
        Assert.Throws<UsageException>(() => TagInitializer.Run(model, model, 0));
        TagInitializer.Run(model, _folder["out"], 0);
        Assert.Contains("<Path> already", Assert.Throws<UsageException>(() => TagInitializer.Run(_folder["out"], _folder["again"], 0)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["again"]));
    }

    [Fact]
    public void AnInterruptionLeavesNothing()
    {
        var model = Model(0, true);
        Assert.Throws<OperationCanceledException>(() => TagInitializer.Run(model, _folder["out"], 0, new CancellationToken(true)));
        Assert.Equal([model], Directory.GetDirectories(_folder.FullPath));
    }

    private static void AssertRows(float[] before, float[] after, IReadOnlyDictionary<ThinkingTag, int> ids, Tokenizer tokenizer)
    {
        const int Width = 8;
        Assert.Equal(before[..(s_tokens.Length * Width)], after[..(s_tokens.Length * Width)]);
        var rows = new List<float[]>();
        foreach (var (tag, id) in ids)
        {
            var row = after[(id * Width)..((id + 1) * Width)];
            var pieces = tokenizer.Encode(tag.Text());
            for (var i = 0; i < Width; i++)
                Assert.InRange(row[i] - pieces.Average(p => before[p * Width + i]), -0.2f, 0.2f);
            Assert.All(rows, other => Assert.NotEqual(other, row));
            rows.Add(row);
        }
    }

    private string Model(int spare, bool tied)
    {
        var config = new ModelConfig
        {
            Architecture = ModelArchitecture.Qwen3,
            QueryKeyNorm = true,
            VocabSize = s_tokens.Length + spare,
            HiddenSize = 8,
            IntermediateSize = 4,
            Layers = 1,
            Heads = 1,
            KeyValueHeads = 1,
            HeadDim = 4,
            TieWordEmbeddings = tied,
            Rope = new RopeConfig(10000, 4),
        };
        var key = RandomKey.FromSeed(3);
        var folder = Directory.CreateDirectory(_folder["model"]).FullName;
        var tensors = config.Tensors().Select(t => TensorSource.FromFloats(t.Key, [.. Enumerable.Range(0, (int)t.Value.Aggregate(1L, (a, b) => a * b)).Select(i => (float)key.Fold(t.Key).Normal(i))], t.Value));
        ModelFolder.Write(folder, config, tensors, null);
        Tokenizer.FromGguf(new GgufVocabulary(s_tokens, [], [], "gpt-2")).Save(folder);
        return folder;
    }
}
