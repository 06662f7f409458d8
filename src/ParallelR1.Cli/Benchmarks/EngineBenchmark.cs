using System.Diagnostics;
using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.IO;
using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Benchmarks;

/// <summary><c>bench engine</c>: decoding speed of the engine, with llama.cpp as the peer on the same weights in the same run.</summary>
/// <param name="gguf">The model.</param>
/// <param name="sequences">Numbers of sequences that are decoded together.</param>
/// <param name="repeats">Rounds; the best of each case counts.</param>
/// <param name="half">bf16 instead of f32.</param>
internal sealed class EngineBenchmark(string gguf, int[] sequences, int repeats, bool half)
{
    private const int PromptTokens = 24;
    private const int NewTokens = 64;

    public BenchmarkReport Run(IRunObserver observer, CancellationToken cancellation)
    {
        var peer = half ? LlamaCpp.Find() : null;
        if (peer is null)
            observer.Say(half ? "llama.cpp was not found (LLAMA_CPP names its folder), so there is no peer" : "the peer is measured in bf16 only");
        var (folder, peerFile) = Prepare(peer, cancellation);
        using var decoder = DecoderFiles.Load(folder, half ? ScalarType.BFloat16 : ScalarType.Float32, Device.Cpu);
        var (ours, theirs) = (new Dictionary<int, double>(), new Dictionary<int, double>());
        Rate(decoder, 1, cancellation); // what is compiled and allocated once
        for (var round = 0; round < repeats; round++)
        {
            foreach (var count in sequences)
                ours[count] = Math.Max(ours.GetValueOrDefault(count), Rate(decoder, count, cancellation));
            foreach (var (count, rate) in peer?.DecodeRates(peerFile, Runtime.Threads, PromptTokens, NewTokens, sequences, cancellation) ?? [])
                theirs[count] = Math.Max(theirs.GetValueOrDefault(count), rate);
            observer.Report(new RunProgress("bench engine", round + 1, repeats));
        }

        var settings = new JsonObject
        {
            ["model"] = Path.GetFileNameWithoutExtension(gguf),
            ["dtype"] = half ? "bf16" : "f32",
            ["threads"] = Runtime.Threads,
            ["libtorch"] = Runtime.Version,
            ["prompt_tokens"] = PromptTokens,
            ["new_tokens"] = NewTokens,
            ["rounds"] = repeats,
            ["peer"] = peer is null ? null : "llama-batched-bench (without sampling)",
        };
        return new BenchmarkReport("engine", settings, [.. sequences.Select(count => new BenchmarkResult(
            $"{count} {(count == 1 ? "sequence" : "sequences")}", "decode", ours[count], "tokens/s", theirs.TryGetValue(count, out var rate) ? rate : null))]);
    }

    /// <summary>Tokens per second with sampling, from the end of the first step on, so that prompts are left out.</summary>
    private static double Rate(Decoder decoder, int count, CancellationToken cancellation)
    {
        var key = RandomKey.FromSeed(1).Fold("bench");
        var requests = Enumerable.Range(0, count).Select(i => new GenerationRequest(
            [.. Enumerable.Range(0, PromptTokens).Select(t => key.Fold(i).Next(decoder.Config.VocabSize, t))], key.Fold(i))).ToList();
        long begun = 0;
        int calls = 0, before = 0;
        var engine = new Engine(decoder, null, [])
        {
            // The first calls, one for each sequence, come after the first step.
            Progress = (_, trace) =>
            {
                if (calls == 0)
                    begun = Stopwatch.GetTimestamp();
                before += calls++ < count ? trace.ResponseLength : 0;
            },
        };
        var total = engine.Generate(requests, new GenerationOptions { Parallel = false, MaxTokens = NewTokens }, cancellation).Sum(r => r.Result.Ids.Length);
        return (total - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>Converts once; the results stay in the cache.</summary>
    private (string Folder, string PeerFile) Prepare(LlamaCpp? peer, CancellationToken cancellation)
    {
        var cache = Path.Combine(KnownFolders.Cache, "bench");
        Directory.CreateDirectory(cache);
        var info = new FileInfo(gguf);
        var name = $"{Path.GetFileNameWithoutExtension(gguf)}-{info.Length}";
        var (folder, file) = (Path.Combine(cache, name), Path.Combine(cache, $"{name}-bf16.gguf"));
        if (!Directory.Exists(folder))
            GgufConverter.Convert(gguf, folder, null, cancellation);
        if (peer is not null && !File.Exists(file))
            peer.ToBf16(gguf, file, cancellation);
        return (folder, file);
    }
}
