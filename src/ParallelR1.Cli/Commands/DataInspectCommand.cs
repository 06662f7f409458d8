using System.CommandLine;
using ParallelR1.Cli.Output;
using ParallelR1.Data;
using ParallelR1.Runs.Reports;
using Spectre.Console;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data inspect</c>: examples or responses drawn as trees.</summary>
internal static class DataInspectCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("NAME_OR_FILE") { Description = "a JSONL or Parquet file whose rows have a response (or text), or a known set of examples (data list)" };
        var html = new Option<string?>("--html") { Description = "write one HTML page instead of drawing on the terminal" };
        var limit = new Option<int>("--limit") { Description = "how many rows (default: 5; with --html 200)" };
        var command = new Command("inspect", "Examples as trees, paths side by side. Example: parallel-r1 data inspect synthetic-cold-start --limit 3") { file, html, limit };
        command.SetAction((parsed, cancellation) =>
            Task.FromResult(Run(parsed.GetValue(file)!, parsed.GetValue(html), parsed.GetValue(limit), cancellation)));
        return command;
    }

    private static int Run(string file, string? html, int limit, CancellationToken cancellation)
    {
        if (limit < 0)
            throw new UsageException($"--limit {limit}: must not be negative");
        var rows = NamedRows.Read(file).Take(limit > 0 ? limit : html is null ? 5 : 200);
        var drawn = html is not null ? ExamplesPage.Write(html, Path.GetFileName(file), rows) : Draw(rows, cancellation);
        if (drawn == 0)
            throw new InputException($"{file}: no row has a 'response' or a 'text' to draw");
        if (html is not null)
            Console.WriteLine(html);
        return ExitCode.Done;
    }

    private static int Draw(IEnumerable<System.Text.Json.Nodes.JsonObject> rows, CancellationToken cancellation)
    {
        var drawn = 0;
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            if (ExamplesPage.Response(row) is not { } response)
                continue;
            AnsiConsole.Write(TraceView.Draw(row["id"]?.ToString() ?? $"{drawn + 1}", TraceTree.Parse(response)));
            AnsiConsole.WriteLine();
            drawn++;
        }

        return drawn;
    }
}
