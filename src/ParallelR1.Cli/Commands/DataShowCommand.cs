using System.CommandLine;
using ParallelR1.Data;
using ParallelR1.IO;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data show</c>: the rows of a JSONL or Parquet file as JSON lines.</summary>
internal static class DataShowCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "a JSONL or Parquet file" };
        var limit = new Option<long?>("--limit") { Description = "stop after this many rows" };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] }])
                result.AddError("--limit must not be negative");
        });
        var command = new Command("show", "The rows of a JSONL or Parquet file as JSON lines. Example: parallel-r1 data show mini/cold-start.jsonl --limit 3 (after parallel-r1 data synth --out mini)")
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
        using var source = RowFile.Read(file).GetEnumerator();
        while (rows < limit && source.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            JsonLines.Write(output, source.Current);
            rows++;
        }

        return ExitCode.Done;
    }
}
