using System.CommandLine;
using ParallelR1.Data.Synthetic;
using ParallelR1.Generation;
using ParallelR1.IO;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data synth --out DIR [--seed N] [--easy N] [--hard N]</c>: synthetic problems and solutions.</summary>
internal static class DataSynthCommand
{
    private const string EndOfText = "<|endoftext|>";

    public static Command Create()
    {
        var defaults = new SyntheticFolderOptions();
        var output = new Option<string>("--out") { Description = "folder to write to; created if need be", Required = true };
        var seed = new Option<long>("--seed") { Description = "seed of all draws", DefaultValueFactory = _ => defaults.Seed };
        var easy = new Option<int>("--easy") { Description = "easy training problems", DefaultValueFactory = _ => defaults.Easy };
        var hard = new Option<int>("--hard") { Description = "hard training problems", DefaultValueFactory = _ => defaults.Hard };
        var sequential = new Option<int>("--sequential") { Description = "solutions without tags, for a base model", DefaultValueFactory = _ => defaults.Sequential };
        var coldStart = new Option<int>("--cold-start") { Description = "parallel solutions of easy problems", DefaultValueFactory = _ => defaults.ColdStart };
        var hardShare = new Option<double>("--hard-share") { Description = "share of hard problems among the solutions without tags", DefaultValueFactory = _ => defaults.HardShare };
        var vocabulary = new Option<int>("--vocabulary") { Description = "also train a tokenizer with this many tokens on the solutions without tags, into DIR/tokenizer" };
        var errorsOf = new Option<string?>("--errors-of") { Description = "model folder; where one of its own solutions of a problem is wrong, a path of the cold start's block takes it, without loss, and the summary chooses", HelpName = "MODEL" };
        var errorSamples = new Option<int>("--error-samples") { Description = "with --errors-of: solutions sampled of each problem", DefaultValueFactory = _ => 16 };
        var json = new Option<bool>("--json") { Description = "print the manifest as one JSON object" };
        var command = new Command(
            "synth",
            "Writes seeded synthetic problems and solutions. Example: parallel-r1 data synth --out mini --seed 1")
        {
            output, seed, easy, hard, sequential, coldStart, hardShare, vocabulary, errorsOf, errorSamples, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetValue(output)!;
            var options = defaults with
            {
                Seed = parsed.GetValue(seed),
                Easy = parsed.GetValue(easy),
                Hard = parsed.GetValue(hard),
                Sequential = parsed.GetValue(sequential),
                ColdStart = parsed.GetValue(coldStart),
                HardShare = parsed.GetValue(hardShare),
            };
            if (parsed.GetValue(errorSamples) < 1)
                throw new UsageException($"--error-samples {parsed.GetValue(errorSamples)}: at least 1");
            using var model = parsed.GetValue(errorsOf) is { } teacher ? LanguageModel.Load(teacher, ComputeDevice.Dtype.Auto) : null;
            var manifest = SyntheticFolder.Write(folder, options, model is null ? null : problems => Solve(model, problems, parsed.GetValue(errorSamples), options.Seed, cancellation), cancellation);
            if (parsed.GetValue(vocabulary) is > 0 and var size)
                TrainTokenizer(folder, size);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(manifest.ToJsonString(JsonLines.Options));
                return Task.FromResult(ExitCode.Done);
            }

            foreach (var (name, file) in manifest["files"]!.AsObject())
                Console.WriteLine($"{Path.Combine(folder, name + ".jsonl")}: {file!["count"]}{(file["with_wrong_path"] is { } wrong ? $", {wrong} with a wrong path" : "")}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>Samples a model's solutions, decoded plainly at temperature 1.</summary>
    private static string[][] Solve(LanguageModel model, IReadOnlyList<string> problems, int samples, long seed, CancellationToken cancellation)
    {
        var template = model.ProblemTemplate ?? ProblemTemplate.Load("mini");
        GenerationRequest[] requests = [.. problems.SelectMany(problem => Enumerable.Range(0, samples), (problem, sample) =>
            new GenerationRequest(model.EncodeProblem(template, problem), RandomKey.FromSeed(seed).Fold("errors").Fold(problem).Fold(sample)))];
        var responses = new string[requests.Length];
        using var engine = model.CreateEngine(new EngineLimits());
        foreach (var (i, result) in engine.Generate(requests, new GenerationOptions { Parallel = false, MaxTokens = 384 }, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            responses[i] = model.DecodeResponse(result.Ids);
        }

        return [.. responses.Chunk(samples)];
    }

    /// <summary>Byte-level BPE over the mini prompts and solutions, with end-of-text and the six tags as last ids.</summary>
    private static void TrainTokenizer(string folder, int size)
    {
        var template = ProblemTemplate.Load("mini");
        var texts = JsonLines.Read(Path.Combine(folder, "sequential.jsonl"))
            .Select(row => template.Format(row.Value["problem"]!.GetValue<string>()) + row.Value["response"]!.GetValue<string>());
        var tokenizer = BpeTrainer.Train(texts, new BpeTrainerOptions(size)
        {
            SpecialLast = [EndOfText, .. ThinkingTags.All],
            EndOfText = EndOfText,
            ChatTemplate = "none",
        });
        var output = Directory.CreateDirectory(Path.Combine(folder, "tokenizer"));
        tokenizer.Save(output.FullName);
    }
}
