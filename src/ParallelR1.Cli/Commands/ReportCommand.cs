using System.CommandLine;
using ParallelR1.Runs.Reports;

namespace ParallelR1.Cli.Commands;

/// <summary><c>report</c>: one self-contained HTML page about runs.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN") { Description = "run folders, folders of runs, or summary.json files", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--out") { Description = "the HTML file to write (default: report.html in the first RUN)" };
        var command = new Command("report", "One HTML file about one or several runs: table, curves, responses as trees. Example: parallel-r1 report runs/quickstart --out report.html")
        {
            runs,
            output,
        };
        command.SetAction(parsed => Run(parsed.GetValue(runs)!, parsed.GetValue(output)));
        return command;
    }

    private static int Run(string[] runs, string? output)
    {
        var path = output ?? Path.Combine(Directory.Exists(runs[0]) ? runs[0] : Path.GetDirectoryName(Path.GetFullPath(runs[0]))!, "report.html");
        ReportPage.Write(path, runs);
        Console.WriteLine(path);
        return ExitCode.Done;
    }
}
