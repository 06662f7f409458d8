using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.IO;
using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Benchmarks;

/// <summary>
/// <c>bench engine</c>: prompts, decoding and paths of our engine; llama.cpp as the peer on the same weights, transformers on a model of the
/// mini scale. Rounds alternate between ours and the peers', medians count.
/// </summary>
/// <param name="gguf">The model.</param>
/// <param name="sequences">Numbers of sequences that are decoded together.</param>
/// <param name="paths">Numbers of paths of a block.</param>
/// <param name="rounds">Rounds.</param>
/// <param name="half">bf16 instead of f32.</param>
/// <param name="peers">Whom to compare with: llama.cpp, transformers.</param>
/// <param name="limits">How much our engine decodes at once.</param>
internal sealed class EngineBenchmark(string gguf, int[] sequences, int[] paths, int rounds, bool half, string[] peers, EngineLimits limits)
{
    private const int PromptTokens = 24;
    private const int NewTokens = 64;
    private const int MiniSequences = 256;
    private readonly Dictionary<string, List<double>> _measured = [];

    public BenchmarkReport Run(IRunObserver observer, CancellationToken cancellation)
    {
        var llama = peers.Contains("llama.cpp") ? LlamaCpp.Find() : null;
        if (llama is null && peers.Contains("llama.cpp"))
            observer.Say("llama.cpp was not found (LLAMA_CPP names its folder)");
        using var transformers = peers.Contains("transformers") ? PeerProcess.Start("generate.py", observer) : null;
        var (folder, files) = Prepare(llama, cancellation);
        using var decoder = DecoderFiles.Load(folder, half ? ScalarType.BFloat16 : ScalarType.Float32, Device.Cpu);
        using var mini = transformers is null ? null : DecoderFiles.Create(ModelShape.Mini.Config, RandomKey.FromSeed(1), half ? ScalarType.BFloat16 : ScalarType.Float32);
        var runs = new EngineRuns(decoder, limits);
        observer.Say(limits.Describe());
        runs.Decode(1, PromptTokens, 8, cancellation); // what is compiled and allocated once
        for (var round = 0; round < rounds; round++)
        {
            foreach (var count in sequences)
                Note($"{count}", runs.Decode(count, PromptTokens, NewTokens, cancellation));
            if (llama is not null)
                Peers(llama, files, round, cancellation);
            foreach (var count in paths)
            {
                var (rate, answer) = runs.Block(count, EngineRuns.PathTokens, cancellation);
                var (oneRate, oneAnswer) = runs.Block(1, count * EngineRuns.PathTokens, cancellation);
                Note($"paths {count}", rate / oneRate);
                Note($"answer {count}", oneAnswer / answer);
            }

            if (mini is not null)
            {
                Note("mini", new EngineRuns(mini, limits).Decode(MiniSequences, PromptTokens, NewTokens, cancellation).Decode);
                Note("mini peer", MiniSequences * NewTokens / transformers!.Seconds(MiniCase()));
            }

            observer.Report(new RunProgress("bench engine", round + 1, rounds));
        }

        var settings = new JsonObject
        {
            ["model"] = Path.GetFileNameWithoutExtension(gguf),
            ["dtype"] = half ? "bf16" : "f32",
            ["threads"] = Runtime.Threads,
            ["kernels"] = Runtime.KernelLevel,
            ["libtorch"] = Runtime.Version,
            ["prompt_tokens"] = PromptTokens,
            ["new_tokens"] = NewTokens,
            ["path_tokens"] = EngineRuns.PathTokens,
            ["rounds"] = rounds,
            ["peer"] = string.Join(", ", ((string?[])[llama is null ? null : "llama-batched-bench (best of BF16 and F32, without sampling)", transformers?.Name]).OfType<string>()),
        };
        return new BenchmarkReport("engine", settings, [.. Results(decoder)]);
    }

    private IEnumerable<BenchmarkResult> Results(Decoder decoder)
    {
        var read = Ceilings.ReadRate();
        foreach (var count in sequences)
        {
            var name = count == 1 ? "1 sequence" : $"{count} sequences";
            yield return new BenchmarkResult(name, "decode", Median($"{count} decode")!.Value, "tokens/s", Median($"{count} peer decode"));
            yield return new BenchmarkResult(name, "prefill", Median($"{count} prefill")!.Value, "tokens/s", Median($"{count} peer prefill"));
            if (count == 1)
                yield return new BenchmarkResult(name, $"decode against reading weights and cache at {read / 1e9:F1} GB/s", Median("1 decode")!.Value, "tokens/s", read / Ceilings.BytesOfStep(decoder, PromptTokens + NewTokens / 2));
            else
                yield return new BenchmarkResult(name, "decode against libtorch's products alone", Median($"{count} decode")!.Value, "tokens/s", count * Ceilings.ProductSteps(decoder, count));
        }

        foreach (var count in paths)
        {
            yield return new BenchmarkResult($"{count} paths", "speed-up", Median($"paths {count}")!.Value, "times one after the other", null);
            yield return new BenchmarkResult($"{count} paths", "speed-up of the whole answer", Median($"answer {count}")!.Value, "times one after the other", null);
        }

        if (Median("mini") is { } mini)
            yield return new BenchmarkResult($"mini model, {MiniSequences} sequences", "decode", mini, "tokens/s", Median("mini peer"));
    }

    /// <summary>Both files in the first round; then those that were the fastest somewhere.</summary>
    private void Peers(LlamaCpp llama, Dictionary<string, string> files, int round, CancellationToken cancellation)
    {
        var rates = files.ToDictionary(file => file.Key, file => llama.Rates(file.Value, Runtime.Threads, PromptTokens, NewTokens, sequences, cancellation));
        foreach (var count in sequences)
        {
            var best = rates.Values.Where(r => r.ContainsKey(count)).Select(r => r[count]).ToArray();
            if (best.Length > 0)
                Note($"{count} peer", (best.Max(r => r.Prefill), best.Max(r => r.Decode)));
        }

        if (round == 0)
        {
            foreach (var slow in files.Keys.Where(file => !sequences.Any(count => rates[file].TryGetValue(count, out var rate) && rates.Values.All(r => r[count].Decode <= rate.Decode))).ToArray())
                files.Remove(slow);
        }
    }

    private static JsonObject MiniCase()
    {
        var settings = ModelShape.Mini.ToJson("f32");
        (settings["sequences"], settings["prompt"], settings["tokens"]) = (MiniSequences, PromptTokens, NewTokens);
        return settings;
    }

    private void Note(string name, (double Prefill, double Decode) rates)
    {
        Note($"{name} prefill", rates.Prefill);
        Note($"{name} decode", rates.Decode);
    }

    private void Note(string name, double value)
    {
        if (!_measured.TryGetValue(name, out var values))
            _measured[name] = values = [];
        values.Add(value);
    }

    private double? Median(string name) => _measured.TryGetValue(name, out var values) ? Stretch.Median(values) : null;

    /// <summary>Converts once; the results stay in the cache.</summary>
    private (string Folder, Dictionary<string, string> PeerFiles) Prepare(LlamaCpp? peer, CancellationToken cancellation)
    {
        var cache = Path.Combine(KnownFolders.Cache, "bench");
        Directory.CreateDirectory(cache);
        var name = $"{Path.GetFileNameWithoutExtension(gguf)}-{new FileInfo(gguf).Length}";
        var folder = Path.Combine(cache, name);
        if (!Directory.Exists(folder))
            GgufConverter.Convert(gguf, folder, null, cancellation);
        var files = new Dictionary<string, string>();
        foreach (var type in peer is null ? [] : new[] { "BF16", "F32" })
        {
            var file = files[type] = Path.Combine(cache, $"{name}-{type.ToLowerInvariant()}.gguf");
            if (!File.Exists(file))
                peer!.Requantize(gguf, file, type, cancellation);
        }

        return (folder, files);
    }
}
