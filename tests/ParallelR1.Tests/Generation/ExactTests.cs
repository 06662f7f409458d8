using ParallelR1.Data.Synthetic;
using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Tests.Thinking;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Generation;

/// <summary>Log-probabilities of decoding, of scoring and of the trainer, with all their bits; random models, options, prompts and leads.</summary>
public sealed class ExactTests
{
    public static TheoryData<int, ScalarType> Cases
    {
        get
        {
            var data = new TheoryData<int, ScalarType>();
            for (var seed = 100; seed < 105; seed++)
            {
                data.Add(seed, ScalarType.Float32);
                data.Add(seed, ScalarType.BFloat16);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_decoded_has_the_same_bits_scored_alone_and_in_any_pack(int seed, ScalarType type)
    {
        using var scope = new TensorScope();
        using var rollout = new Rollout(seed, type);
        using var scorer = new ExactScorer(rollout.Decoder);

        foreach (var (result, trace) in rollout.Results)
        {
            Assert.Equal(result.LogProbs, scorer.LogProbs(trace)[(result.Prompt.Length - 1)..]);
            Assert.Equal(result.LogProbs, TraceScorer.LogProbs(rollout.Decoder, trace)[(result.Prompt.Length - 1)..]);
        }

        foreach (var options in new[] { new PolicyStepOptions(), new PolicyStepOptions { MicroBatchTokens = 70, SharePrompts = true } })
        {
            var scored = new PolicyStep(rollout.Decoder, options).LogProbs(rollout.Responses);
            Assert.Equal(rollout.Responses.Select(response => response.OldLogProbs), scored);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_decoded_has_the_same_bits_in_the_pass_that_trains(int seed, ScalarType type)
    {
        foreach (var options in new[] { new PolicyStepOptions(), new PolicyStepOptions { MicroBatchTokens = 70, SharePrompts = true, Recompute = true } })
        {
            using var scope = new TensorScope();
            using var rollout = new Rollout(seed, type);
            rollout.Decoder.SetTrainable();
            using var optimizer = new AdamW(rollout.Decoder.Trainable, new OptimizerOptions());

            var result = new PolicyStep(rollout.Decoder, options).Run(rollout.Responses, optimizer, 1e-3);

            Assert.True(result.Scored > 0 && result.Gradient.GradNorm > 0);
            Assert.Equal(0, result.LogProbDifferenceMax);
        }
    }

    [Fact]
    public void Without_it_products_may_be_summed_in_another_order()
    {
        using var scope = new TensorScope();
        using var rollout = new Rollout(100, ScalarType.Float32);
        var exact = new PolicyStep(rollout.Decoder, new PolicyStepOptions()).LogProbs(rollout.Responses);
        rollout.Decoder.Exact = false;

        var ordinary = new PolicyStep(rollout.Decoder, new PolicyStepOptions()).LogProbs(rollout.Responses);

        foreach (var (a, b) in exact.Zip(ordinary))
            Assert.All(a.Zip(b), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-4)]
    [InlineData(ScalarType.BFloat16, 0.1)]
    public void Gradients_are_those_of_the_ordinary_pass(ScalarType type, double tolerance)
    {
        using var scope = new TensorScope();
        using var rollout = new Rollout(101, type);

        var exact = Gradients(rollout.Decoder, exact: true);
        var ordinary = Gradients(rollout.Decoder, exact: false);

        Assert.Equal(ordinary.Keys, exact.Keys);
        foreach (var (name, expected) in ordinary)
        {
            var size = Math.Sqrt(expected.Sum(x => x * x));
            var difference = Math.Sqrt(expected.Zip(exact[name]).Sum(pair => (double)(pair.First - pair.Second) * (pair.First - pair.Second)));
            Assert.True(difference <= tolerance * size, $"{name}: {difference} of {size}");
        }

        Dictionary<string, float[]> Gradients(Decoder decoder, bool exact)
        {
            decoder.Exact = exact;
            decoder.SetTrainable();
            using var batch = new PackedBatch(new TracePack([.. rollout.Results.Select(r => r.Trace)]), Device.Cpu);
            using var pass = decoder.Forward(batch);
            VocabularyHead.Backward(decoder, pass, [.. Enumerable.Range(0, batch.Length)], [.. Enumerable.Repeat(9, batch.Length)], (logProbs, _, _, _) => logProbs.Sum());
            var gradients = decoder.Trainable.ToDictionary(p => p.Key, p => p.Value.Grad!.To(ScalarType.Float32).ToArray<float>());
            foreach (var parameter in decoder.Trainable.Values)
                parameter.Grad = null;
            return gradients;
        }
    }

    [Fact]
    public void It_is_refused_where_a_decoding_step_is_not_one_operator()
    {
        using var decoder = RandomDecoder.Create(40, ScalarType.Float64);

        Assert.Contains("exact log-probabilities need f32 or bf16 on the CPU", Assert.Throws<UsageException>(() => decoder.Exact = true).Message, StringComparison.Ordinal);
    }

    /// <summary>Of a rollout, what the engine, the scorer and the trainer say, one after the other.</summary>
    internal static float[] Values(int seed, ScalarType type)
    {
        using var scope = new TensorScope();
        using var rollout = new Rollout(seed, type);
        using var scorer = new ExactScorer(rollout.Decoder);
        return
        [
            .. rollout.Results.SelectMany(r => r.Result.LogProbs), .. rollout.Results.SelectMany(r => scorer.LogProbs(r.Trace)),
            .. new PolicyStep(rollout.Decoder, new PolicyStepOptions()).LogProbs(rollout.Responses).SelectMany(scores => scores),
        ];
    }

    /// <summary>A random model, and what it answers to random requests in one batch.</summary>
    private sealed class Rollout : IDisposable
    {
        public Rollout(int seed, ScalarType type)
        {
            var draws = new Draws(RandomKey.FromSeed(seed));
            Decoder = DecoderFiles.Create(EnginePropertyTests.Config(draws), RandomKey.FromSeed(seed), type);
            Decoder.Exact = true;
            // Bans are in the softmax of what is drawn, so nothing else may shape it.
            var options = EnginePropertyTests.Options(draws) with { MaxTokens = 60, CriticalTokens = 0, Temperature = 1, TopP = 1, TopK = 0 };
            GenerationRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => EnginePropertyTests.Request(draws, i % 7))];
            var results = new GenerationResult[requests.Length];
            using var engine = new Engine(Decoder, Soup.Tags, [EnginePropertyTests.Eos], numbers: Soup.Numbers);
            foreach (var (i, result) in engine.Generate(requests, options))
                results[i] = result;
            Results = [.. results.Select(result => (result, TraceRows.Decoding([.. result.Prompt, .. result.Ids], result.Prompt.Length, Soup.Tags, options.Visibility)))];
            Responses =
            [
                .. Results.Select((r, i) => new PolicyResponse(r.Trace, r.Result.Prompt.Length, r.Result.Sampled, r.Result.AllowedLogProbs, i % 2 == 0 ? 1 : -1) { Banned = r.Result.Banned }),
            ];
        }

        public Decoder Decoder { get; }

        public (GenerationResult Result, TraceRows Trace)[] Results { get; }

        public PolicyResponse[] Responses { get; }

        public void Dispose() => Decoder.Dispose();
    }
}
