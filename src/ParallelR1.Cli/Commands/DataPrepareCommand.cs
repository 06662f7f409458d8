using System.CommandLine;
using System.Text.Json.Nodes;
using ParallelR1.Cli.Output;
using ParallelR1.Data;
using ParallelR1.IO;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data prepare</c>: one record format, cleaned and decontaminated.</summary>
internal static class DataPrepareCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("NAME_OR_FILE") { Description = "a known set, or a JSONL or Parquet file" };
        var output = new Option<string>("--out") { Description = "the file to write: JSONL, or Parquet as verl reads it (.parquet)", Required = true };
        var map = new MapOption();
        var against = new Option<string?>("--against") { Description = "leave out problems that share 13 words in a row with this set or file" };
        var againstMap = new MapOption("problem, answer", "--against-map", "the file of --against");
        var phrases = new Option<int?>("--ignore-phrases") { Description = "with --against: words that so many problems of the set share are a phrase, not an overlap (default: every overlap counts)" };
        var longest = new Option<int>("--max-chars") { Description = "leave out longer problems", DefaultValueFactory = _ => 8000 };
        var keepCut = new Option<bool>("--keep-cut") { Description = "keep problems that end in a colon" };
        var skipBad = new Option<bool>("--skip-bad") { Description = "pass over rows that are damaged, lack a field or repeat an id, instead of stopping at the first" };
        var report = new Option<string?>("--report") { Description = "a JSON file with every problem left out, by name and reason" };
        var json = new Option<bool>("--json") { Description = "print the report as one JSON object" };
        var command = new Command("prepare", "Turns a set or file into clean records. Example: parallel-r1 data prepare synthetic-hard-train --out train.jsonl --against synthetic-hard-test")
        {
            source, output, map.Option, against, againstMap.Option, phrases, longest, keepCut, skipBad, report, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new PreparationOptions
            {
                Map = map.Read(parsed),
                Against = parsed.GetValue(against),
                AgainstMap = againstMap.Read(parsed),
                IgnorePhrasesFrom = parsed.GetValue(phrases),
                SkipBad = parsed.GetValue(skipBad),
                Cleaning = new CleaningOptions { RejectCut = !parsed.GetValue(keepCut), MaxCharacters = parsed.GetValue(longest) },
            };
            var result = Preparation.Run(parsed.GetValue(source)!, parsed.GetValue(output)!, options, cancellation);
            if (parsed.GetValue(report) is { } file)
                AtomicFile.WriteText(file, Text(result.ToJson()) + "\n");
            if (parsed.GetValue(json))
                Console.Out.WriteLine(Text(result.ToJson()));
            else
                Print(result, parsed.GetValue(source)!, parsed.GetValue(output)!);
            if (options.SkipBad)
                Console.Error.WriteLine($"skipped {result.BadRows.Count} of {result.Rows}");
            if (result.Kept == 0)
                throw NothingKept.Of(result, parsed.GetValue(source)!, parsed.GetValue(output)!);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Print(PreparationReport report, string source, string output)
    {
        Console.Out.WriteLine($"read {report.Read:N0} problems of {source}");
        Console.Out.WriteLine($"answers repaired from the solution's box: {report.RepairedAnswers:N0}");
        Console.Out.WriteLine($"problems that occur more than once: {report.RepeatedProblems:N0} ({report.RepeatedRows:N0} rows), {report.ConflictingProblems:N0} with conflicting answers; {report.RepeatedUpToWhiteSpace:N0} where white space does not count");
        foreach (var (reason, count) in report.Counts())
        {
            var first = report.Rejections.Where(r => r.Reason == reason).Select(r => r.Id).Take(3).ToList();
            Console.Out.WriteLine($"left out, {PreparationReport.Name(reason)}: {count:N0}{(count == 0 ? "" : $" ({string.Join(", ", first)}{(count > first.Count ? ", …" : "")})")}");
        }

        if (report.Kept > 0)
            Console.Out.WriteLine($"wrote {report.Kept:N0} problems to {output}");
    }

    private static string Text(JsonObject json) => json.ToJsonString(JsonLines.Options);
}
