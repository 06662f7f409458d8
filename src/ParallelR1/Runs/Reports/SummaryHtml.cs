using ParallelR1.Evaluation;

namespace ParallelR1.Runs.Reports;

/// <summary>The rows of a summary as a table with the columns of the published one.</summary>
internal static class SummaryHtml
{
    public static void Write(Html html, IReadOnlyList<SummaryRow> rows)
    {
        if (rows.Count == 0)
            return;
        string[] suites = [.. rows.SelectMany(r => r.Suites.Select(s => s.Key)).Distinct()];
        html.Raw("<h2>Results</h2><div class=\"scroll\"><table><tr><th>model</th><th>parallel</th><th>well-formed</th>");
        foreach (var suite in suites)
            html.Add($"<th>{suite}<br>mean@k / pass@k</th>");
        html.Raw("<th>tokens an answer</th><th>on the critical path</th><th>seconds</th><th>seeds</th></tr>");
        foreach (var row in rows)
            Row(html, row, suites, rows);
        html.Raw("</table></div><p class=\"sub\">In per cent; small: the 95 % bootstrap interval of mean@k over problems.</p>");
    }

    private static void Row(Html html, SummaryRow row, string[] suites, IReadOnlyList<SummaryRow> rows)
    {
        html.Add($"<tr><td>{row.Name}</td><td>{Share(row.ParallelRatio)}</td><td>{Share(row.WellFormedRatio)}</td>");
        foreach (var suite in suites)
        {
            if (Find(row, suite) is not { } found)
            {
                html.Raw("<td>–</td>");
                continue;
            }

            var best = rows.Count > 1 && rows.Max(r => Find(r, suite)?.MeanAtK ?? 0) <= found.MeanAtK;
            html.Add($"<td{(best ? " class=best" : "")}>{Share(found.MeanAtK)} / {Share(found.PassAtK)} <small>[{Share(found.Low)}, {Share(found.High)}]</small></td>");
        }

        html.Add($"<td>{ChartScale.Format(row.TokensPerAnswer)}</td><td>{ChartScale.Format(row.CriticalPerAnswer)}</td><td>{$"{row.WallSeconds:F0}"}</td><td>{row.Seeds.Count}</td></tr>");
    }

    private static SuiteSummary? Find(SummaryRow row, string suite) => row.Suites.FirstOrDefault(s => s.Key == suite).Value;

    private static string Share(double share) => $"{100 * share:F1}";
}
