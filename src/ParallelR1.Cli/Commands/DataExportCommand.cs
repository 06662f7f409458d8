using System.CommandLine;
using ParallelR1.Data.Export;
using ParallelR1.IO;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data export</c>: a dataset folder for the hub.</summary>
internal static class DataExportCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("NAME_OR_FILE") { Description = "a known set (data list), a JSONL or Parquet file, or the folder of a cold-start run" };
        var output = new Option<string>("--out") { Description = "the dataset folder; new, or empty", Required = true, HelpName = "DIR" };
        var licence = new Option<string?>("--licence") { Description = "the licence, as the hub writes it: mit, apache-2.0, … (default: that of the known sets that the rows come from)" };
        var report = new Option<string?>("--report") { Description = "the report of data cold-start or data prepare, for the filters in the card (default: report.json beside examples.jsonl)" };
        var seed = new Option<long>("--seed") { Description = "draws the example in the card" };
        var json = new Option<bool>("--json") { Description = "print the summary as one JSON object" };
        var command = new Command(
            "export",
            "Makes a dataset folder in the hub's layout: Parquet, and a card. Example: parallel-r1 data export synthetic-easy-test --out easy-test")
        {
            source, output, licence, report, seed, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new ExportOptions { Licence = parsed.GetValue(licence), Report = parsed.GetValue(report), Seed = parsed.GetValue(seed) };
            var summary = DatasetExport.Run(parsed.GetValue(source)!, parsed.GetValue(output)!, options, cancellation);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(summary.ToJson().ToJsonString(JsonLines.Options));
                return Task.FromResult(ExitCode.Done);
            }

            foreach (var (file, rows) in summary.Files)
                Console.Out.WriteLine($"{Path.Combine(summary.Folder, file)}: {rows:N0} rows, read back");
            Console.Out.WriteLine($"{Path.Combine(summary.Folder, "README.md")}: licence {summary.Licence}{(summary.Licence == "unknown" ? "; state it with --licence" : "")}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
