using System.CommandLine;
using ParallelR1.Cli.Output;
using ParallelR1.Cli.Pipelines;
using ParallelR1.Evaluation;
using ParallelR1.IO;
using Spectre.Console;

namespace ParallelR1.Cli.Commands;

/// <summary><c>quickstart</c>: mini scale, end to end.</summary>
internal static class QuickstartCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "folder for runs, summary.json and report.html; an interrupted run in it is resumed, a finished one shows its table", DefaultValueFactory = _ => Path.Combine("runs", "quickstart") };
        var seed = new Option<long>("--seed") { Description = "of training and evaluation", DefaultValueFactory = _ => 1 };
        var rewards = new Option<string[]>("--rl") { Description = "recipes of reinforcement learning; what they come after is trained first", DefaultValueFactory = _ => Quickstart.Standard, AllowMultipleArgumentsPerToken = true };
        var worker = WorkerProcesses.CreateOption();
        var quiet = new Option<bool>("--quiet") { Description = "no progress" };
        var type = ModelOptions.CreateType(standard: null);
        var json = new Option<bool>("--json") { Description = "print the summary as one JSON object" };
        var command = new Command(
            "quickstart",
            "The whole curriculum on the bundled tiny model in a few minutes: base, cold start, reinforcement learning, and a control without blocks. Example: parallel-r1 quickstart --out runs/first")
        {
            output, seed, rewards, worker, type, quiet, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = parsed.GetValue(output)!;
            IReadOnlyList<SummaryRow> rows;
            IReadOnlyList<Comparison> comparisons;
            using (var observer = ProgressObserver.Create(parsed.GetValue(quiet), parsed.GetValue(worker)))
            {
                var quickstart = new Quickstart(folder, parsed.GetValue(seed), parsed.GetValue(rewards)!, observer, parsed.GetValue(type));
                if (parsed.GetValue(worker))
                    return await WorkerProcesses.WorkAsync(quickstart.WorkAsync, cancellation).ConfigureAwait(false);
                if (quickstart.Worker() is { } other && await new WorkerProcesses(other, observer).RunAsync(quickstart.Jobs, cancellation).ConfigureAwait(false) is var status and not ExitCode.Done)
                    return status;
                (rows, comparisons) = await quickstart.RunAsync(cancellation).ConfigureAwait(false);
            }

            if (parsed.GetValue(json))
            {
                Console.WriteLine(SummaryJson.ToJson(rows, comparisons).ToJsonString(JsonLines.Options));
                return ExitCode.Done;
            }

            SummaryTable.Write(AnsiConsole.Console, rows);
            foreach (var comparison in comparisons)
                Console.WriteLine(comparison);
            Console.WriteLine($"{Path.Combine(folder, "summary.json")}\n{Path.Combine(folder, "report.html")}");
            return ExitCode.Done;
        });
        return command;
    }
}
