using System.CommandLine;
using ParallelR1.Data;
using ParallelR1.IO;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data show</c>: the rows of a file or of a known set as JSON lines.</summary>
internal static class DataShowCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("NAME_OR_FILE") { Description = "a JSONL or Parquet file (also a pipe, - for standard input), or a known set (data list)" };
        var limit = new Option<long?>("--limit") { Description = "stop after this many rows" };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] }])
                result.AddError("--limit must not be negative");
        });
        var command = new Command("show", "The rows of a file or of a known set as JSON lines. Example: parallel-r1 data show synthetic-easy-test --limit 3")
        {
            file,
            limit,
        };
        command.SetAction((parsed, cancellation) =>
            Task.FromResult(Run(parsed.GetValue(file)!, parsed.GetValue(limit) ?? long.MaxValue, cancellation)));
        return command;
    }

    private static int Run(string file, long limit, CancellationToken cancellation)
    {
        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        long rows = 0;
        using var source = NamedRows.Read(file).GetEnumerator();
        while (rows < limit && source.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            JsonLines.Write(output, source.Current);
            rows++;
        }

        return ExitCode.Done;
    }
}
