using System.CommandLine;
using ParallelR1.Data.Synthetic;
using ParallelR1.IO;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data synth --out DIR [--seed N] [--easy N] [--hard N]</c>: synthetic problems and solutions.</summary>
internal static class DataSynthCommand
{
    public static Command Create()
    {
        var defaults = new SyntheticFolderOptions();
        var output = new Option<string>("--out") { Description = "folder to write to; created if need be", Required = true };
        var seed = new Option<long>("--seed") { Description = "what everything is drawn from", DefaultValueFactory = _ => defaults.Seed };
        var easy = new Option<int>("--easy") { Description = "easy training problems", DefaultValueFactory = _ => defaults.Easy };
        var hard = new Option<int>("--hard") { Description = "hard training problems", DefaultValueFactory = _ => defaults.Hard };
        var sequential = new Option<int>("--sequential") { Description = "solutions without tags, for a base model", DefaultValueFactory = _ => defaults.Sequential };
        var coldStart = new Option<int>("--cold-start") { Description = "parallel solutions of easy problems", DefaultValueFactory = _ => defaults.ColdStart };
        var hardShare = new Option<double>("--hard-share") { Description = "share of hard problems among the solutions without tags", DefaultValueFactory = _ => defaults.HardShare };
        var json = new Option<bool>("--json") { Description = "print the manifest as one JSON object" };
        var command = new Command(
            "synth",
            "Writes seeded synthetic problems and solutions. Example: parallel-r1 data synth --out mini --seed 1")
        {
            output, seed, easy, hard, sequential, coldStart, hardShare, json,
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
            var manifest = SyntheticFolder.Write(folder, options, cancellation);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(manifest.ToJsonString(JsonLines.Options));
                return Task.FromResult(ExitCode.Done);
            }

            foreach (var (name, file) in manifest["files"]!.AsObject())
                Console.WriteLine($"{Path.Combine(folder, name + ".jsonl")}: {file!["count"]}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
