using System.CommandLine;
using ParallelR1.Cli.Output;
using ParallelR1.Cli.Pipelines;
using ParallelR1.Evaluation;
using ParallelR1.IO;
using ParallelR1.Reproduction;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;
using Spectre.Console;

namespace ParallelR1.Cli.Commands;

/// <summary><c>reproduce</c>: every row of the published table by its recipe, then the table and the findings.</summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        var scale = new Option<string>("--scale") { Description = "which recipes: mini (two processor cores), small (a small language model), paper (the published one)", Required = true, HelpName = "mini|small|paper" };
        scale.AcceptOnlyFromAmong("mini", "small", "paper");
        var rows = new Option<string[]>("--rows") { Description = "rows by name, or core, ablations, ours; separated by commas (default: core)", AllowMultipleArgumentsPerToken = true, HelpName = "NAME,…" };
        var seeds = new Option<int?>("--seeds") { Description = "seeds of each row, from 1 (default: 3 for the core at mini scale, else 1)", HelpName = "N" };
        var output = new Option<string?>("--out") { Description = "folder for runs, rows, summary.json, results.md and report.html; an interrupted run in it is resumed (default: runs/reproduce-SCALE)", HelpName = "DIR" };
        var jobs = new Option<int?>("--jobs") { Description = "rows made side by side, each with its share of the threads (default: as many as there are threads and memory at mini scale, else 1)", HelpName = "N" };
        var worker = WorkerProcesses.CreateOption();
        var dry = new Option<bool>("--dry-run") { Description = "check every recipe and print stages, tokens, estimated time and memory; needs neither models nor data" };
        var merge = new Option<string[]>("--merge") { Description = "train nothing: make the table of rows that were finished in these folders", AllowMultipleArgumentsPerToken = true, HelpName = "DIR" };
        var set = new Option<string[]>("--set") { Description = "override a setting of every recipe that has its section: key=value, as in evaluation.suites=[{suite: gsm8k, limit: 10}]", AllowMultipleArgumentsPerToken = false };
        var quiet = new Option<bool>("--quiet") { Description = "no progress" };
        var type = ModelOptions.CreateType(standard: null);
        var json = new Option<bool>("--json") { Description = "print the summary (or the estimate) as one JSON object" };
        var command = new Command(
            "reproduce",
            "Every row of the published table by its recipe, then the table and which findings show. Example: parallel-r1 reproduce --scale mini --rows base,sft-unseen,unseen-s2 --seeds 1 --out runs/table")
        {
            scale, rows, seeds, output, jobs, worker, dry, merge, set, type, quiet, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(dry) && parsed.GetValue(merge) is { Length: > 0 })
                throw new UsageException("--dry-run and --merge: give one of them");
            var options = new ReproductionOptions
            {
                Scale = Enum.Parse<RecipeScale>(parsed.GetValue(scale)!, ignoreCase: true),
                Rows = [.. (parsed.GetValue(rows) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
                Seeds = parsed.GetValue(seeds),
                Settings = [.. parsed.GetValue(set) ?? [], .. parsed.GetValue(type) is { } t ? new[] { $"model.dtype={t}" } : []],
            };
            if (parsed.GetValue(dry))
            {
                Print(DryRun.Of(options), parsed.GetValue(json));
                return ExitCode.Done;
            }

            var folder = parsed.GetValue(output) ?? Path.Combine("runs", $"reproduce-{parsed.GetValue(scale)}");
            Summary summary;
            using (var observer = ProgressObserver.Create(parsed.GetValue(quiet), parsed.GetValue(worker)))
            {
                var reproduction = new ReproductionRun(folder, options, observer);
                if (parsed.GetValue(worker))
                    return await WorkerProcesses.WorkAsync(reproduction.WorkAsync, cancellation).ConfigureAwait(false);

                if (parsed.GetValue(merge) is { Length: > 0 } folders)
                {
                    summary = reproduction.Merge(folders);
                }
                else
                {
                    var side = Jobs(parsed.GetValue(jobs), options.Scale);
                    if (side > 1 && reproduction.Check() is (var dtype, false) && await new WorkerProcesses(Worker(options, folder, dtype), observer).RunAsync(side, cancellation).ConfigureAwait(false) is var status and not ExitCode.Done)
                        return status;
                    summary = await reproduction.RunAsync(cancellation).ConfigureAwait(false);
                }
            }

            if (parsed.GetValue(json))
                Console.WriteLine(SummaryJson.ToJson(summary).ToJsonString(JsonLines.Options));
            else
                Print(options, summary, folder);
            return ExitCode.Done;
        });
        return command;
    }

    private static int Jobs(int? asked, RecipeScale scale) => asked switch
    {
        null => Curriculum.JobsHere(scale),
        < 1 => throw new UsageException($"--jobs {asked}: at least 1"),
        _ => asked.Value,
    };

    /// <summary>The command of a process that makes some of the rows.</summary>
    private static string[] Worker(ReproductionOptions options, string folder, DtypeChoice dtype) =>
    [
        "reproduce", "--scale", options.Scale.ToString().ToLowerInvariant(), "--out", folder, "--dtype", dtype.ToString().ToLowerInvariant(),
        .. options.Rows.Count > 0 ? new[] { "--rows", string.Join(',', options.Rows) } : [],
        .. options.Seeds is { } seeds ? new[] { "--seeds", $"{seeds}" } : [],
        .. options.Settings.SelectMany(setting => new[] { "--set", setting }),
    ];

    private static void Print(DryRun plan, bool json)
    {
        if (json)
        {
            Console.WriteLine(plan.ToJson().ToJsonString(JsonLines.Options));
            return;
        }

        var table = new Table().RoundedBorder();
        foreach (var column in new[] { "stage", "after", "seeds", "tokens", "operations", "time here", "memory" })
            table.AddColumn(new TableColumn(column).NoWrap());
        foreach (var stage in plan.Stages)
        {
            table.AddRow([.. new[]
            {
                stage.Name, stage.After ?? "-", $"{stage.Seeds}", $"{stage.Estimate.Tokens / 1e6:F1} M", $"{stage.Estimate.Operations:0.0e+0}", Duration(stage.Estimate.Seconds), $"{stage.Estimate.MemoryBytes / (double)(1 << 30):F1} GiB",
            }.Select(Markup.Escape)]);
        }

        AnsiConsole.Console.WriteTable(table);
        Console.WriteLine($"together about {Duration(plan.Seconds)} on this machine, one stage after the other");
    }

    private static string Duration(double seconds) => seconds switch
    {
        >= 2 * 86400 => $"{seconds / 86400:F0} days",
        >= 2 * 3600 => $"{seconds / 3600:F1} h",
        _ => $"{seconds / 60:F0} min",
    };

    private static void Print(ReproductionOptions options, Summary summary, string folder)
    {
        var missing = ReproductionRows.Resolve(options.Scale, options.Rows).Where(name => summary.Rows.All(row => row.Name != name)).ToList();
        SummaryTable.Write(AnsiConsole.Console, summary.Rows, missing);
        foreach (var comparison in summary.Comparisons ?? [])
            Console.WriteLine(comparison);
        foreach (var finding in summary.Findings ?? [])
            Console.WriteLine($"{finding.Name}: {finding.VerdictText}{(finding.Note.Length > 0 ? $" ({finding.Note})" : "")}");
        foreach (var file in new[] { "summary.json", "results.md", "report.html" })
            Console.WriteLine(Path.Combine(folder, file));
    }
}
