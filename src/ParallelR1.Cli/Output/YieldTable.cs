using ParallelR1.Data.ColdStart;
using Spectre.Console;

namespace ParallelR1.Cli.Output;

/// <summary>The report of a cold-start run: the yield with the columns of the published table, reasons, diversity, cost.</summary>
internal static class YieldTable
{
    public static void Write(IAnsiConsole console, ColdStartReport report)
    {
        console.WriteTable(Yield(report));
        if (report.Faults.Count > 0)
            console.WriteTable(Reasons(report));
        // Not through the console, which would break lines at the terminal's width even in a file.
        foreach (var line in Lines(report))
            console.Profile.Out.Writer.WriteLine(line);
    }

    private static Table Yield(ColdStartReport report)
    {
        var table = new Table().RoundedBorder();
        table.AddColumn("source");
        foreach (var name in new[] { "problems", "samples", "valid format %", "correct %", "kept %", "problems kept" })
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var row in report.Sources.Count > 1 ? [.. report.Sources, report.Total] : report.Sources)
        {
            table.AddRow(
                Markup.Escape(row.Source),
                $"{row.Problems}",
                $"{row.Samples}",
                Share(row, row.ValidFormat),
                Share(row, row.Correct),
                Share(row, row.Kept),
                $"{row.ProblemsKept}");
        }

        return table;
    }

    private static Table Reasons(ColdStartReport report)
    {
        var table = new Table().RoundedBorder();
        table.AddColumn("reason to leave out");
        table.AddColumn(new TableColumn("answers").RightAligned());
        table.AddColumn(new TableColumn("as first").RightAligned());
        foreach (var (fault, (any, first)) in report.Faults.OrderBy(f => f.Key))
            table.AddRow(ColdStartReport.Name(fault), $"{any}", $"{first}");
        return table;
    }

    private static IEnumerable<string> Lines(ColdStartReport report)
    {
        var diversity = report.Diversity;
        if (report.Total.Kept > 0)
        {
            yield return $"likeness of paths (self-BLEU, 0 to 1): {diversity.SelfBleu:F3}; first block at {100 * diversity.FirstBlockAt:F0} % of the text; {diversity.Characters:F0} characters on average";
            yield return $"examples by blocks: {Counts(diversity.Blocks)}; blocks by paths: {Counts(diversity.Paths)}";
        }

        var usage = report.Usage;
        var cost = usage.Cost is { } price ? $"; cost {price:0.00##}" : "";
        var uncounted = usage.Uncounted > 0 ? $" ({usage.Uncounted} replies without a count)" : "";
        yield return $"tokens: {usage.PromptTokens:N0} of prompts, {usage.CompletionTokens:N0} of replies{uncounted}; {usage.Retries} retries{cost}";
    }

    private static string Counts(IReadOnlyDictionary<int, int> counts) => string.Join(", ", counts.OrderBy(c => c.Key).Select(c => $"{c.Key}: {c.Value}"));

    private static string Share(ColdStartYield row, int count) => $"{100 * row.Share(count):F1}";
}
