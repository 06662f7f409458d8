using System.CommandLine;
using ParallelR1.Cli.Benchmarks;
using ParallelR1.Cli.Output;
using ParallelR1.Generation;
using ParallelR1.IO;
using ParallelR1.Torch;
using Spectre.Console;

namespace ParallelR1.Cli.Commands;

/// <summary><c>bench NAME</c>: speed, beside that of a peer in the same run.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "print one JSON object", Recursive = true };
        var quiet = new Option<bool>("--quiet") { Description = "no progress", Recursive = true };
        return new Command("bench", "Measures speed. Example: parallel-r1 bench engine --json")
        {
            json,
            quiet,
            CreateAttention(json, quiet),
            CreateEngine(json, quiet),
            CreateRlStep(json, quiet),
            CreateTrain(json, quiet),
        };
    }

    private static Command CreateAttention(Option<bool> json, Option<bool> quiet)
    {
        var rounds = Rounds(7);
        var type = Types();
        var command = new Command("attention", "Attention under path visibility, forward and backward, with PyTorch as the peer. Example: PYTHONPATH=DIR parallel-r1 bench attention --dtype f32 --json")
        {
            rounds, type,
        };
        command.SetAction((parsed, cancellation) => Measure(parsed, json, quiet, observer => new AttentionBenchmark(Rounds(parsed, rounds), Types(parsed, type)).Run(observer, cancellation)));
        return command;
    }

    private static Command CreateTrain(Option<bool> json, Option<bool> quiet)
    {
        var rounds = Rounds(3);
        var shape = new Option<string>("--shape") { Description = "shape of the model", DefaultValueFactory = _ => "all" };
        shape.AcceptOnlyFromAmong(["all", .. ModelShape.All.Select(s => s.Name)]);
        var type = Types();
        var command = new Command("train", "Training steps (forward, backward, AdamW), with PyTorch as the peer. Example: PYTHONPATH=DIR parallel-r1 bench train --shape mini --dtype f32 --json")
        {
            shape, rounds, type,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var shapes = ModelShape.All.Where(s => parsed.GetValue(shape) is "all" || parsed.GetValue(shape) == s.Name).ToArray();
            return Measure(parsed, json, quiet, observer => new TrainBenchmark(shapes, Rounds(parsed, rounds), Types(parsed, type)).Run(observer, cancellation));
        });
        return command;
    }

    private static Option<string> Types()
    {
        var type = new Option<string>("--dtype") { Description = "type of the arithmetic", DefaultValueFactory = _ => "all", HelpName = "f32|bf16|all" };
        type.AcceptOnlyFromAmong("f32", "bf16", "all");
        return type;
    }

    private static ScalarType[] Types(ParseResult parsed, Option<string> type) => parsed.GetValue(type) switch
    {
        "f32" => [ScalarType.Float32],
        "bf16" => [ScalarType.BFloat16],
        _ => [ScalarType.Float32, ScalarType.BFloat16],
    };

    private static Option<int> Rounds(int standard) =>
        new("--rounds") { Description = "rounds", DefaultValueFactory = _ => standard, HelpName = "N" };

    private static int Rounds(ParseResult parsed, Option<int> rounds) => parsed.GetValue(rounds) is var given and >= 1 and <= 1000
        ? given
        : throw new UsageException($"--rounds {parsed.GetValue(rounds)}: expected from 1 to 1000");

    private static Task<int> Measure(ParseResult parsed, Option<bool> json, Option<bool> quiet, Func<IRunObserver, BenchmarkReport> run)
    {
        using var observer = ProgressObserver.Create(parsed.GetValue(quiet));
        var report = run(observer);
        observer.Dispose();
        if (parsed.GetValue(json))
            Console.WriteLine(report.ToJson().ToJsonString(JsonLines.Options));
        else
            report.Print(AnsiConsole.Console);
        return Task.FromResult(ExitCode.Done);
    }

    private static Command CreateEngine(Option<bool> json, Option<bool> quiet)
    {
        var model = new Option<string?>("--gguf") { Description = "GGUF file of the model (default: the first one in the models folder)", HelpName = "FILE" };
        var sequences = Counts("--sequences", "numbers of sequences decoded together", [1, 16, 64]);
        var paths = Counts("--paths", "numbers of paths of a block, each compared with as many tokens one after the other", [2, 4]);
        var rounds = Rounds(3);
        var type = new Option<string>("--dtype") { Description = "type of weights and arithmetic", DefaultValueFactory = _ => "auto", HelpName = "auto|f32|bf16" };
        type.AcceptOnlyFromAmong("auto", "f32", "bf16");
        var peers = new Option<string>("--peers") { Description = "whom to compare with: llama.cpp (same weights), transformers (a model of the mini scale); none", DefaultValueFactory = _ => "llama.cpp", HelpName = "NAME,NAME" };
        var limits = new EngineLimitOptions();
        var command = new Command("engine", "Prompts, decoding and paths of the engine, with llama.cpp as the peer. Example: parallel-r1 bench engine --sequences 1 16 64 --paths 2 4 --json")
        {
            model, sequences, paths, rounds, type, peers, limits.CacheBytes, limits.MaxSequences,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string[] names = [.. parsed.GetValue(peers)!.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "none")];
            if (names.FirstOrDefault(name => name is not ("llama.cpp" or "transformers")) is { } unknown)
                throw new UsageException($"--peers {unknown}: expected llama.cpp, transformers (with a comma between them), or none");
            var half = parsed.GetValue(type) is var t && (t == "bf16" || (t == "auto" && ComputeDevice.Dtype.Auto == ScalarType.BFloat16));
            var benchmark = new EngineBenchmark(Gguf(parsed.GetValue(model)), Counts(parsed, sequences, least: 1), Counts(parsed, paths, least: 2), Rounds(parsed, rounds), half, names, limits.Read(parsed));
            return Measure(parsed, json, quiet, observer => benchmark.Run(observer, cancellation));
        });
        return command;
    }

    private static Command CreateRlStep(Option<bool> json, Option<bool> quiet)
    {
        var rounds = Rounds(3);
        var command = new Command("rl-step", "A whole step of reinforcement learning (256 rollouts of 96 tokens, rewards, one update) of a small random model in f32. Example: parallel-r1 bench rl-step --json")
        {
            rounds,
        };
        command.SetAction((parsed, cancellation) => Measure(parsed, json, quiet, observer => new RlStepBenchmark(Rounds(parsed, rounds)).Run(observer, cancellation)));
        return command;
    }

    private static Option<int[]> Counts(string name, string description, int[] standard) =>
        new(name) { Description = description, DefaultValueFactory = _ => standard, AllowMultipleArgumentsPerToken = true, HelpName = "N" };

    private static int[] Counts(ParseResult parsed, Option<int[]> option, int least) =>
        parsed.GetValue(option) is { Length: > 0 } counts && counts.All(n => n >= least && n <= 256) && counts.Distinct().Count() == counts.Length
            ? counts
            : throw new UsageException($"{option.Name}: expected different numbers from {least} to 256");

    private static string Gguf(string? given)
    {
        if (given is not null)
            return File.Exists(given) ? given : throw new UsageException($"{given}: no such file");
        return KnownFolders.Models.SelectMany(folder => Directory.EnumerateFiles(folder, "*.gguf").Order(StringComparer.Ordinal)).FirstOrDefault()
            ?? throw new UsageException("no GGUF file in the models folder (PARALLELR1_MODELS); name one with --gguf FILE");
    }
}
