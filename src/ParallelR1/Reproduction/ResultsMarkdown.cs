using System.Globalization;
using System.Text;
using ParallelR1.Evaluation;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Reproduction;

/// <summary><c>results.md</c>: the table, what it costs, how rows compare, and which findings show.</summary>
internal static class ResultsMarkdown
{
    /// <summary>Writes the page.</summary>
    /// <param name="scale">The scale of the rows.</param>
    /// <param name="summary">What was made of them.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="asked">The rows that the table has; those that were not run are named too.</param>
    public static string Create(RecipeScale scale, Summary summary, RowSet rows, IReadOnlyList<string> asked)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(asked);
        var page = new StringBuilder();
        page.Append(Line($"# Results, {ReproductionRows.Lower(scale)} scale\n\n"));
        page.Append("In per cent, with the 95 % interval of mean@k: problems resampled, seeds averaged within a problem. *parallel*: responses with a block. ");
        page.Append(Line($"Made by `./parallel-r1 reproduce --scale {ReproductionRows.Lower(scale)}`; each row by the recipe of its name in `recipes/{ReproductionRows.Lower(scale)}`.\n\n"));
        WriteTable(page, scale, summary, rows, asked);
        WriteCost(page, summary);
        WriteCurve(page, summary);
        WriteComparisons(page, summary);
        WriteFindings(page, summary);
        WriteOrigin(page, rows);
        return page.ToString();
    }

    private static void WriteTable(StringBuilder page, RecipeScale scale, Summary summary, RowSet rows, IReadOnlyList<string> asked)
    {
        string[] suites = [.. summary.Rows.SelectMany(r => r.Suites.Select(s => s.Key)).Distinct()];
        string[] published = scale == RecipeScale.Paper ? ["published: parallel", .. suites, "average"] : [];
        Row(page, ["row", "", "parallel", .. suites.Select(s => $"{s}: mean@{Samples(summary, s)} / pass@{Samples(summary, s)}"), "average", "seeds", .. published]);
        Rule(page, suites.Length + 5 + published.Length);
        foreach (var name in ReproductionRows.InOrder(asked.Concat(summary.Rows.Select(r => r.Name))))
        {
            var row = summary.Rows.FirstOrDefault(r => r.Name == name);
            var known = scale == RecipeScale.Paper ? PublishedTable.Find(name) : null;
            string[] beside = published.Length == 0 ? [] : [Given(known?.Parallel), .. suites.Select(s => known?.Suites.TryGetValue(s, out var p) == true ? $"{Given(p.MeanAtK)}{(p.PassAtK is { } pass ? $" / {Given(pass)}" : "")}" : "–"), Given(known?.Average)];
            Row(page, row is null
                ? [name, "not run", "", .. suites.Select(_ => ""), "", "", .. beside]
                : [name, rows[name][0].Title ?? "", Share(row.ParallelRatio), .. suites.Select(s => Cell(row, s)), row.Average is { } average ? Share(average) : "–", $"{row.Seeds.Count}", .. beside]);
        }

        page.Append('\n');
    }

    private static void WriteCost(StringBuilder page, Summary summary)
    {
        page.Append("## Beyond the published table: what an answer costs\n\n");
        Row(page, ["row", "accuracy", "tokens an answer", "of them on the critical path", "acceleration", "cap", "seconds an answer, one sequence"]);
        Rule(page, 7);
        foreach (var row in summary.Rows)
        {
            Row(page, [row.Name, row.Average is { } average ? Share(average) : "–", Line($"{row.TokensPerAnswer:F0}"), Line($"{row.CriticalPerAnswer:F0}"), Line($"{row.Acceleration:F2}"), row.Cap is { } cap ? Line($"{cap}") : "–", row.SecondsPerAnswer is { } s ? Line($"{s:F2}") : "not measured"]);
        }

        page.Append('\n');
    }

    private static void WriteCurve(StringBuilder page, Summary summary)
    {
        if (summary.Curve is not { } curve)
            return;
        page.Append("## Accuracy against the cap on the critical path\n\n");
        Row(page, ["row", "paths", "cap", "problems whose solution fits", "mean@k", "seconds an answer"]);
        Rule(page, 6);
        foreach (var p in curve)
            Row(page, [p.Row, p.Paths is { } paths ? Line($"{paths}") : "–", Line($"{p.Cap}"), p.Fits is { } fits ? Share(fits) : "–", $"{Share(p.MeanAtK)} [{Share(p.Low)}, {Share(p.High)}]", p.SecondsPerAnswer is { } s ? Line($"{s:F2}") : "–"]);
        page.Append('\n');
    }

    private static void WriteComparisons(StringBuilder page, Summary summary)
    {
        if (summary.Comparisons is not { Count: > 0 } comparisons)
            return;
        page.Append("## Rows against each other\n\nPoints of mean@k, problem by problem, problems resampled 10,000 times.\n\n");
        Row(page, ["row", "less", "suite", "difference", "95 % interval", "each seed"]);
        Rule(page, 6);
        foreach (var c in comparisons)
            Row(page, [c.A, c.B, c.Suite, Signed(c.Difference), $"{Signed(c.Low)} to {Signed(c.High)}", string.Join(", ", c.PerSeed.Select(Signed))]);
        page.Append('\n');
    }

    private static void WriteFindings(StringBuilder page, Summary summary)
    {
        if (summary.Findings is not { } findings)
            return;
        page.Append("## The findings of the publication\n\n");
        Row(page, ["finding", "verdict", "value", "95 % interval", "threshold", "what was measured", "command"]);
        Rule(page, 7);
        foreach (var f in findings)
            Row(page, [f.Name, $"**{f.VerdictText}**", Finding.Number(f.Value), f is { Low: { } low, High: { } high } ? $"{Finding.Number(low)} to {Finding.Number(high)}" : "–", f.Threshold, f.Note, $"`{f.Command}`"]);
        page.Append('\n');
    }

    private static void WriteOrigin(StringBuilder page, RowSet rows)
    {
        var all = rows.Names.SelectMany(name => rows[name]).ToList();
        if (all.Count == 0)
            return;
        page.Append("## How the rows were made\n\n");
        Row(page, ["row", "seed", "trained", "measured", "dtype", "processor", "commit", "training code", "recipe"]);
        Rule(page, 9);
        foreach (var f in all)
            Row(page, [f.Name, Line($"{f.Seed}"), f.TrainSeconds is { } s ? Line($"{s / 60:F1} min") : "–", Line($"{f.Suites.Sum(x => x.WallSeconds) / 60:F1} min"), f.Dtype, f.Processor, Short(f.Commit), Short(f.TrainingCode), Short(f.RecipeHash)]);
        page.Append("\n*Training code* identifies the sources that decide what comes out of a run, *recipe* the recipe with all that it comes after.\n");
    }

    private static string Cell(SummaryRow row, string suite) =>
        row.Suites.FirstOrDefault(s => s.Key == suite).Value is { } s ? $"{Share(s.MeanAtK)} / {Share(s.PassAtK)} [{Share(s.Low)}, {Share(s.High)}]" : "–";

    private static int Samples(Summary summary, string suite) => summary.Rows.SelectMany(r => r.Suites).First(s => s.Key == suite).Value.Samples;

    private static void Row(StringBuilder page, IEnumerable<string> cells) => page.Append(Line($"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n"));

    private static void Rule(StringBuilder page, int columns) => page.Append(Line($"|{string.Concat(Enumerable.Repeat("---|", columns))}\n"));

    private static string Share(double share) => Line($"{100 * share:F1}");

    private static string Signed(double share) => Line($"{100 * share:+0.0;-0.0;0.0}");


    private static string Given(double? percent) => percent is { } p ? Line($"{p:F1}") : "–";

    private static string Short(string? hash) => hash is null ? "–" : hash[..Math.Min(8, hash.Length)];

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
