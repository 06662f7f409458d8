using ParallelR1.Data;
using ParallelR1.Data.ColdStart;

namespace ParallelR1.Cli.Output;

/// <summary>The error where everything was left out: how much was looked at, why it was left out, most frequent reason first, and what to do.</summary>
internal static class NothingKept
{
    /// <summary>Of a cold-start run.</summary>
    /// <param name="report">Its report.</param>
    /// <param name="folder">Its folder.</param>
    public static InputException Of(ColdStartReport report, string folder)
    {
        var reasons = Ordered(report.Faults.Select(f => (f.Key, f.Value.First)));
        return new InputException(
            $"none of the {report.Total.Samples:N0} answers to {report.Total.Problems:N0} problems was kept: {Text(reasons, ColdStartReport.Name)}. "
            + $"{Path.Combine(folder, ColdStartRun.RejectedFile)} has each with its reasons; {Remedy(reasons[0].Reason)}. {Left(Path.Combine(folder, ColdStartRun.ExamplesFile))}");
    }

    /// <summary>Of a preparation.</summary>
    /// <param name="report">Its report.</param>
    /// <param name="source">What was prepared.</param>
    /// <param name="output">The file that was to be written.</param>
    public static InputException Of(PreparationReport report, string source, string output)
    {
        if (report.Rows == 0)
            return new InputException($"{source} holds no problems. {Left(output)}");
        var reasons = Ordered(report.Counts().Select(c => ((RejectReason?)c.Reason, c.Count)).Append((null, report.BadRows.Count)));
        return new InputException(
            $"none of the {report.Rows:N0} rows of {source} was kept: {Text(reasons, r => r is { } reason ? PreparationReport.Name(reason) : "bad_row")}. "
            + $"--report FILE lists each with its reason; {Remedy(reasons[0].Reason)}. {Left(output)}");
    }

    private static string Remedy(ExampleFault fault) => fault switch
    {
        ExampleFault.Failed => "when the server answers again, ask for the rest with --resume",
        ExampleFault.Refused => "see there what the server objects to",
        ExampleFault.Truncated or ExampleFault.Empty => "give answers more --max-tokens, with another --out",
        ExampleFault.TooLong => "raise --max-chars or --max-length, with --resume",
        ExampleFault.WrongAnswer or ExampleFault.Undecided => "take a stronger teacher or easier problems, with another --out, or another --grader, with --resume",
        _ => "take a teacher that can follow the format, or another --prompt, with another --out",
    };

    private static string Remedy(RejectReason? reason) => reason switch
    {
        RejectReason.CutProblem => "keep problems that end in a colon with --keep-cut",
        RejectReason.OverLong => "raise --max-chars",
        RejectReason.Contaminated => "see whether --against is the set itself, or do not count phrases with --ignore-phrases",
        null => "see whether --map names the right columns",
        _ => "see whether --map names the right columns for problem and answer",
    };

    private static string Left(string file) => File.Exists(file) ? $"{file} is left as it was" : $"{file} was not written";

    private static List<(T Reason, int Count)> Ordered<T>(IEnumerable<(T Reason, int Count)> reasons) => [.. reasons.Where(r => r.Count > 0).OrderByDescending(r => r.Count)];

    private static string Text<T>(IEnumerable<(T Reason, int Count)> reasons, Func<T, string> name) => string.Join(", ", reasons.Select(r => $"{name(r.Reason)} {r.Count:N0}"));
}
