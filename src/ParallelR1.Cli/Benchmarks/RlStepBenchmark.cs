using System.Diagnostics;
using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Policy;

namespace ParallelR1.Cli.Benchmarks;

/// <summary>
/// <c>bench rl-step</c>: a whole step (rollouts, rewards, one update) of a random Qwen3 in f32: 256 responses of exactly 96 tokens to 32 prompts of 24;
/// as it is by default, and with the trainer's log-probabilities equal to the engine's bit for bit (<see cref="Decoder.Exact"/>), in turns.
/// </summary>
/// <param name="rounds">Steps of each; medians count.</param>
internal sealed class RlStepBenchmark(int rounds)
{
    private const int Prompts = 32;
    private const int Samples = 8;
    private const int PromptTokens = 24;
    private const int NewTokens = 96;

    private static readonly ModelConfig s_config = new()
    {
        Architecture = ModelArchitecture.Qwen3,
        VocabSize = 512,
        HiddenSize = 128,
        IntermediateSize = 384,
        Layers = 4,
        Heads = 4,
        KeyValueHeads = 2,
        HeadDim = 32,
        QueryKeyNorm = true,
        TieWordEmbeddings = true,
        MaxPositions = 512,
        Rope = new RopeConfig(10000, 32),
    };

    public BenchmarkReport Run(IRunObserver observer, CancellationToken cancellation)
    {
        using var decoder = DecoderFiles.Create(s_config, RandomKey.FromSeed(1));
        decoder.SetTrainable();
        using var optimizer = new AdamW(decoder.Trainable, new OptimizerOptions { LearningRate = 1e-6 });
        var step = new PolicyStep(decoder, new PolicyStepOptions());
        string[] names = ["rollout", "reward", "update", "step"];
        var (usual, exact) = (names.ToDictionary(name => name, _ => new List<double>()), names.ToDictionary(name => name, _ => new List<double>()));
        for (var round = -1; round < rounds; round++)
        {
            Step(round, isExact: round % 2 != 0);
            Step(round, isExact: round % 2 == 0);
        }

        void Step(int round, bool isExact)
        {
            cancellation.ThrowIfCancellationRequested();
            decoder.Exact = isExact;
            var phases = isExact ? exact : usual;
            var clock = Stopwatch.GetTimestamp();
            var results = Rollouts(decoder, RandomKey.FromSeed(2).Fold(round + 1), cancellation);
            var rolledOut = Stopwatch.GetTimestamp();
            var rows = Rewarded(results);
            var rewarded = Stopwatch.GetTimestamp();
            step.Run(rows, optimizer, 1e-6);
            var end = Stopwatch.GetTimestamp();
            if (round < 0)
                return; // warms up
            phases["rollout"].Add(Stopwatch.GetElapsedTime(clock, rolledOut).TotalSeconds);
            phases["reward"].Add(Stopwatch.GetElapsedTime(rolledOut, rewarded).TotalSeconds);
            phases["update"].Add(Stopwatch.GetElapsedTime(rewarded, end).TotalSeconds);
            phases["step"].Add(Stopwatch.GetElapsedTime(clock, end).TotalSeconds);
            observer.Report(new RunProgress("bench rl-step", round + 1, rounds));
        }

        var settings = new JsonObject
        {
            ["model"] = "qwen3, hidden 128, 4 layers, 4 heads (2 for keys and values), feed-forward 384, vocabulary 512",
            ["dtype"] = "f32",
            ["threads"] = Runtime.Threads,
            ["kernels"] = Runtime.KernelLevel,
            ["responses"] = Prompts * Samples,
            ["prompts"] = Prompts,
            ["prompt_tokens"] = PromptTokens,
            ["new_tokens"] = NewTokens,
            ["rounds"] = rounds,
        };
        return new BenchmarkReport("rl-step", settings,
        [
            new BenchmarkResult("step", "completion tokens", Prompts * Samples * NewTokens / Stretch.Median(usual["step"]), "tokens/s", null),
            .. usual.Select(phase => new BenchmarkResult("step", phase.Key, Stretch.Median(phase.Value), "s", null)),
            .. exact.Select(phase => new BenchmarkResult("exact, against the same without", phase.Key, Stretch.Median(phase.Value), "s", Stretch.Median(usual[phase.Key]))),
        ]);
    }

    private static GenerationResult[] Rollouts(Decoder decoder, RandomKey key, CancellationToken cancellation)
    {
        var requests = Enumerable.Range(0, Prompts * Samples).Select(i =>
        {
            var prompt = key.Fold(i / Samples);
            return new GenerationRequest([.. Enumerable.Range(0, PromptTokens).Select(t => prompt.Next(s_config.VocabSize, t))], prompt.Fold(i % Samples));
        }).ToArray();
        var results = new GenerationResult[requests.Length];
        // No token ends a response, so each has the length that is asked for.
        using var engine = new Engine(decoder, null, []);
        foreach (var (index, result) in engine.Generate(requests, new GenerationOptions { Parallel = false, MaxTokens = NewTokens }, cancellation))
            results[index] = result;
        return results;
    }

    /// <summary>The reward is the share of even ids: as good as any to have some spread in each group.</summary>
    private static PolicyResponse[] Rewarded(GenerationResult[] results)
    {
        double[] rewards = [.. results.Select(r => r.Ids.Count(id => id % 2 == 0) / (double)NewTokens)];
        var advantages = GroupAdvantages.Compute(rewards, [.. results.Select((_, i) => i / Samples)], AdvantageScale.Grpo);
        return
        [
            .. results.Select((r, i) => new PolicyResponse(TraceRows.Plain([.. r.Prompt, .. r.Ids], PromptTokens), PromptTokens, r.Sampled, r.AllowedLogProbs, advantages[i]) { Banned = r.Banned }),
        ];
    }
}
