using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Models;

/// <summary>A step as one operator, against the decoder composed from libtorch's operators.</summary>
public sealed class PackedDecoderTests
{
    private const int Vocabulary = 50;

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.BFloat16, 0.05)]
    public void Logits_equal_the_composed_decoders(ScalarType type, double tolerance)
    {
        foreach (var config in Configs())
        {
            using var scope = new TensorScope();
            using var mode = GradMode.Off();
            using var decoder = Create(config, type);
            var tokens = Tokens(45, seed: 1);

            var logits = Logits(decoder, tokens, [45], pageSize: 16);

            var expected = Composed(decoder, tokens);
            Assert.True(Difference(logits, expected) <= tolerance, $"{config.Architecture}, {config.Heads}/{config.KeyValueHeads} heads of {config.HeadDim}: {Difference(logits, expected)}");
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_row_has_the_same_bits_however_its_prompt_is_cut_into_steps_and_pages(ScalarType type)
    {
        foreach (var config in Configs())
        {
            using var scope = new TensorScope();
            using var mode = GradMode.Off();
            using var decoder = Create(config, type);
            var tokens = Tokens(71, seed: 2);
            var whole = Logits(decoder, tokens, [71]);

            Assert.Equal(whole, Logits(decoder, tokens, [40, 31]));
            Assert.Equal(whole, Logits(decoder, tokens, [.. Enumerable.Repeat(1, 71)]));
            Assert.Equal(whole, Logits(decoder, tokens, [1, 2, 3, 4, 5, 6, 7, 17, 26]));
            Assert.Equal(whole, Logits(decoder, tokens, [30, 41], pageSize: 16));
            Assert.Equal(whole, Logits(decoder, tokens, [71], pageSize: 64));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_sequence_has_the_same_bits_alone_and_beside_any_others(ScalarType type)
    {
        foreach (var config in Configs())
        {
            using var scope = new TensorScope();
            using var mode = GradMode.Off();
            using var decoder = Create(config, type);
            using var packed = new PackedDecoder(decoder);
            var alone = Enumerable.Range(0, 40).Select(i => Decode(decoder, packed, [i])[0]).ToArray();

            var together = Decode(decoder, packed, [.. Enumerable.Range(0, 40)]);

            for (var i = 0; i < alone.Length; i++)
                Assert.Equal(alone[i], together[i]);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Rows_that_share_what_they_see_have_the_same_bits_as_each_alone(ScalarType type)
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        using var decoder = Create(Configs().First(), type);
        using var packed = new PackedDecoder(decoder);
        var tokens = Tokens(64, seed: 3);
        var pool = Prefilled(packed, tokens, pages: 32);
        StepTable Paths(IEnumerable<int> paths)
        {
            var table = new StepTable();
            foreach (var path in paths)
            {
                table.See(0, 32);
                table.See(32, 32);
                table.See(32 * (path + 2), 1);
                table.Add(path, 64, 32 * (path + 2), wanted: true);
            }

            return table;
        }

        var together = packed.Step(Paths(Enumerable.Range(0, 20)), pool).ToArray<float>();

        for (var path = 0; path < 20; path++)
            Assert.Equal(together[(path * Vocabulary)..((path + 1) * Vocabulary)], packed.Step(Paths([path]), pool).ToArray<float>());
    }

    /// <summary>Logits of a long prompt in one step, and of tokens after it one by one, which reads its pages in parts where there are several threads.</summary>
    public static float[] LongSequence(ScalarType type)
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        using var decoder = Create(Configs().First(), type);
        return Logits(decoder, Tokens(210, seed: 6), [200, .. Enumerable.Repeat(1, 10)], pageSize: 16);
    }

    [Fact]
    public void Changed_weights_are_taken_over_when_they_are_packed_again()
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        using var decoder = Create(Configs().First(), ScalarType.Float32);
        using var packed = new PackedDecoder(decoder);
        var tokens = Tokens(9, seed: 4);
        decoder.Parameters["model.layers.1.mlp.down_proj.weight"].CopyFrom(Tensor.Full([Configs().First().HiddenSize, Configs().First().IntermediateSize], 0.125));

        packed.Repack();

        Assert.InRange(Difference(Logits(packed, tokens, [9], 32), Composed(decoder, tokens)), 0, 1e-5);
    }

    [Fact]
    public void Entries_are_copied_whole()
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            using var scope = new TensorScope();
            using var mode = GradMode.Off();
            using var decoder = Create(Configs().First(), type);
            using var packed = new PackedDecoder(decoder);
            var tokens = Tokens(20, seed: 5);
            var pool = Prefilled(packed, tokens, pages: 4);
            PackedDecoder.Copy(pool, decoder.Config.HeadDim, from: 0, to: 64 + 7, count: 20);
            StepTable After(int start)
            {
                var table = new StepTable();
                table.See(start, 20);
                table.See(96, 1);
                table.Add(3, 20, 96, wanted: true);
                return table;
            }

            Assert.Equal(packed.Step(After(0), pool).ToArray<float>(), packed.Step(After(64 + 7), pool).ToArray<float>());
        }
    }

    [Theory]
    [InlineData(-1, 0, 0, 0, 1, "token -1")]
    [InlineData(Vocabulary, 0, 0, 0, 1, "token 50")]
    [InlineData(1, 0, 64, 0, 1, "row 64")]
    [InlineData(1, 0, 0, 20, 13, "crosses a page")]
    [InlineData(1, 0, 0, 60, 5, "crosses a page")]
    public void A_table_that_does_not_fit_is_refused_before_any_memory_is_touched(int token, int position, int row, int start, int count, string message)
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        using var decoder = Create(Configs().First(), ScalarType.Float32);
        using var packed = new PackedDecoder(decoder);
        var table = new StepTable();
        table.See(start, count);
        table.Add(token, position, row, wanted: true);

        Assert.Contains(message, Assert.Throws<TorchException>(() => packed.Step(table, packed.Pool(2, 32))).Message, StringComparison.Ordinal);
    }

    /// <summary>All architectures, grouped heads, biases, a head of its own, widths that fill no vector.</summary>
    private static IEnumerable<ModelConfig> Configs()
    {
        yield return Config(ModelArchitecture.Qwen3, heads: 6, keyValueHeads: 2, headDim: 16) with { QueryKeyNorm = true };
        yield return Config(ModelArchitecture.Qwen2, heads: 3, keyValueHeads: 3, headDim: 12) with { QueryKeyValueBias = true, TieWordEmbeddings = true };
        yield return Config(ModelArchitecture.Llama, heads: 5, keyValueHeads: 1, headDim: 34) with
        {
            OutputBias = true,
            FeedForwardBias = true,
            Rope = new RopeConfig(10000, 34) { Type = RopeType.Llama3, Factor = 8, OriginalMaxPositions = 32 },
        };
        yield return Config(ModelArchitecture.Llama, heads: 2, keyValueHeads: 2, headDim: 64) with { HiddenSize = 64, IntermediateSize = 96 };
    }

    private static ModelConfig Config(ModelArchitecture architecture, int heads, int keyValueHeads, int headDim) => new()
    {
        Architecture = architecture,
        VocabSize = Vocabulary,
        HiddenSize = 40,
        IntermediateSize = 56,
        Layers = 2,
        Heads = heads,
        KeyValueHeads = keyValueHeads,
        HeadDim = headDim,
        MaxPositions = 512,
        Rope = new RopeConfig(10000, headDim),
        InitializerRange = 0.15,
    };

    /// <summary>Random weights, biases and norms too.</summary>
    private static Decoder Create(ModelConfig config, ScalarType type)
    {
        var decoder = DecoderFiles.Create(config, RandomKey.FromSeed(3), type);
        foreach (var (name, parameter) in decoder.Parameters.Where(p => p.Value.Shape.Length == 1))
        {
            var key = RandomKey.FromSeed(5).Fold(name);
            parameter.CopyFrom(Tensor.From(Enumerable.Range(0, (int)parameter.Shape[0]).Select(i => 1 + (float)key.Normal(i) / 4).ToArray(), parameter.Shape).To(type));
        }

        return decoder;
    }

    private static int[] Tokens(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => RandomKey.FromSeed(seed).Next(Vocabulary, i))];

    private static float[] Composed(Decoder decoder, int[] tokens)
    {
        using var batch = new PackedBatch(new TracePack([TraceRows.Plain(tokens, tokens.Length)]), Device.Cpu);
        return decoder.Logits(decoder.Hidden(batch)).To(ScalarType.Float32).ToArray<float>();
    }

    private static double Difference(float[] found, float[] expected)
    {
        Assert.Equal(expected.Length, found.Length);
        return found.Zip(expected).Max(x => Math.Abs(x.First - x.Second) / Math.Max(1, Math.Abs(x.Second)));
    }

    /// <summary>Logits of all tokens of a causal sequence that goes through the model in steps of these sizes.</summary>
    private static float[] Logits(Decoder decoder, int[] tokens, int[] steps, int pageSize = 32)
    {
        using var packed = new PackedDecoder(decoder);
        return Logits(packed, tokens, steps, pageSize);
    }

    private static float[] Logits(PackedDecoder packed, int[] tokens, int[] steps, int pageSize)
    {
        using var scope = new TensorScope();
        var pool = packed.Pool(tokens.Length / pageSize + 1, pageSize);
        var (logits, next) = (new List<float>(), 0);
        foreach (var step in steps)
        {
            var table = new StepTable();
            for (var end = next + step; next < end; next++)
                Add(table, tokens[next], next, 0, pageSize);
            logits.AddRange(packed.Step(table, pool).ToArray<float>());
        }

        return [.. logits];
    }

    /// <summary>Adds a token of a causal sequence whose pages lie one after the other.</summary>
    private static void Add(StepTable table, int token, int position, int firstPage, int pageSize, bool wanted = true)
    {
        for (var start = 0; start <= position; start += pageSize)
            table.See(firstPage * pageSize + start, Math.Min(pageSize, position + 1 - start));
        table.Add(token, position, firstPage * pageSize + position, wanted);
    }

    private static Tensor Prefilled(PackedDecoder packed, int[] tokens, int pages)
    {
        var pool = packed.Pool(pages, 32);
        var table = new StepTable();
        for (var i = 0; i < tokens.Length; i++)
            Add(table, tokens[i], i, 0, 32, wanted: false);
        packed.Step(table, pool);
        return pool;
    }

    /// <summary>Logits of the last step of sequences of different lengths, which are decoded together from their first tokens on.</summary>
    private static float[][] Decode(Decoder decoder, PackedDecoder packed, int[] sequences)
    {
        using var scope = new TensorScope();
        var pool = packed.Pool(sequences.Length * 5, 32);
        var last = new float[sequences.Length][];
        const int Steps = 5;
        for (var step = 0; step < Steps; step++)
        {
            var table = new StepTable();
            for (var i = 0; i < sequences.Length; i++)
            {
                var start = sequences[i] * 3;
                var tokens = Tokens(start + Steps, seed: sequences[i]);
                for (var position = step == 0 ? 0 : start + step; position <= start + step; position++)
                    Add(table, tokens[position], position, i * 5, 32, position == start + step);
            }

            var logits = packed.Step(table, pool).ToArray<float>();
            for (var i = 0; i < sequences.Length; i++)
                last[i] = logits[(i * decoder.Config.VocabSize)..((i + 1) * decoder.Config.VocabSize)];
        }

        return last;
    }
}
