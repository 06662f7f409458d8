using ParallelR1.Evaluation;
using Spectre.Console;

namespace ParallelR1.Cli.Output;

/// <summary>The rows of a summary as a console table with the columns of the published one.</summary>
internal static class SummaryTable
{
    /// <summary>Writes it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="notRun">Names of rows that there is nothing of.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<SummaryRow> rows, IReadOnlyList<string>? notRun = null)
    {
        string[] suites = [.. rows.SelectMany(r => r.Suites.Select(s => s.Key)).Distinct()];
        var table = new Table().RoundedBorder();
        table.AddColumn(new TableColumn("model").NoWrap());
        table.AddColumn(new TableColumn("parallel\n%").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("well-\nformed %").RightAligned().NoWrap());
        foreach (var suite in suites) // wraps where the console is narrow
            table.AddColumn(new TableColumn(Markup.Escape($"{Broken(suite)}\nmean@{Samples(rows, suite)} / pass@{Samples(rows, suite)} [95 %]")).RightAligned());
        table.AddColumn(new TableColumn("tokens\nan answer").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("critical\npath").RightAligned().NoWrap());
        foreach (var row in rows)
            table.AddRow([.. Cells(row, suites).Select(c => new Markup(Markup.Escape(c)))]);
        foreach (var name in notRun ?? [])
            table.AddRow(Markup.Escape(name), "not run");
        console.WriteTable(table);
    }

    private static IEnumerable<string> Cells(SummaryRow row, string[] suites) =>
    [
        row.Name,
        Share(row.ParallelRatio),
        Share(row.WellFormedRatio),
        .. suites.Select(name => row.Suites.FirstOrDefault(s => s.Key == name).Value is { } s
            ? $"{Share(s.MeanAtK)} / {Share(s.PassAtK)} [{Share(s.Low)}, {Share(s.High)}]"
            : "-"),
        $"{row.TokensPerAnswer:F0}",
        $"{row.CriticalPerAnswer:F0}",
    ];

    // A long name on two lines.
    private static string Broken(string name) => name.Length > 16 && name.LastIndexOf('-') is > 0 and var dash ? $"{name[..(dash + 1)]}\n{name[(dash + 1)..]}" : name;

    private static int Samples(IReadOnlyList<SummaryRow> rows, string suite) =>
        rows.SelectMany(r => r.Suites).First(s => s.Key == suite).Value.Samples;

    private static string Share(double share) => $"{100 * share:F1}";
}
