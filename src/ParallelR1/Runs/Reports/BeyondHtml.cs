using ParallelR1.Evaluation;

namespace ParallelR1.Runs.Reports;

/// <summary>What goes beyond the published table: accuracy beside tokens, critical path and seconds, curves against the cap, comparisons and findings.</summary>
internal static class BeyondHtml
{
    public static void Write(Html html, Summary summary)
    {
        if (summary.Curve is null && summary.Comparisons is null && summary.Findings is null)
            return;
        Cost(html, summary.Rows);
        if (summary.Curve is { Count: > 0 } curve)
            Charts(html, curve);
        if (summary.Comparisons is { Count: > 0 } comparisons)
            Compared(html, comparisons);
        if (summary.Findings is { Count: > 0 } findings)
            Found(html, findings);
    }

    private static void Cost(Html html, IReadOnlyList<SummaryRow> rows)
    {
        html.Raw("<h2>Beyond the table: what an answer costs</h2><div class=\"scroll\"><table><tr><th>row</th><th>accuracy</th><th>tokens an answer</th><th>on the critical path</th><th>cap</th><th>seconds, one sequence</th></tr>");
        foreach (var row in rows)
        {
            html.Add($"<tr><td>{row.Name}</td><td>{(row.Average is { } average ? Share(average) : "–")}</td><td>{ChartScale.Format(row.TokensPerAnswer)}</td><td>{ChartScale.Format(row.CriticalPerAnswer)}</td><td>{(row.Cap is { } cap ? $"{cap}" : "–")}</td><td>{(row.SecondsPerAnswer is { } seconds ? $"{seconds:F2}" : "not measured")}</td></tr>");
        }

        html.Raw("</table></div>");
    }

    private static void Charts(Html html, IReadOnlyList<CurvePoint> curve)
    {
        html.Raw("<h2>Accuracy against cap and seconds</h2><div class=\"charts\">");
        LineChart.Write(html, "Accuracy against the cap", "mean@k; tokens on the critical path", Series(curve, p => p.Cap), ChartBase.Share, "cap");
        LineChart.Write(html, "Accuracy against seconds", "mean@k; seconds an answer at one sequence", Series(curve.Where(p => p.SecondsPerAnswer is not null), p => p.SecondsPerAnswer!.Value), ChartBase.Share, "seconds");
        html.Raw("</div>");
    }

    private static List<ChartSeries> Series(IEnumerable<CurvePoint> curve, Func<CurvePoint, double> over) =>
        [.. curve.GroupBy(p => (p.Row, p.Paths)).Select((row, i) => new ChartSeries(
            row.Key.Paths is > 1 and var paths ? $"{row.Key.Row}, {paths} paths" : row.Key.Row, i, [.. row.Select(p => (over(p), p.MeanAtK)).OrderBy(p => p.Item1)], Sparse: true))];

    private static void Compared(Html html, IReadOnlyList<Comparison> comparisons)
    {
        html.Raw("<h2>Rows against each other</h2><div class=\"scroll\"><table><tr><th>row</th><th>less</th><th>suite</th><th>points</th><th>95 %</th><th>each seed</th></tr>");
        foreach (var c in comparisons)
            html.Add($"<tr><td>{c.A}</td><td>{c.B}</td><td>{c.Suite}</td><td>{Signed(c.Difference)}</td><td>{Signed(c.Low)} to {Signed(c.High)}</td><td>{string.Join(", ", c.PerSeed.Select(Signed))}</td></tr>");
        html.Raw("</table></div>");
    }

    private static void Found(Html html, IReadOnlyList<Finding> findings)
    {
        html.Raw("<h2>Findings</h2><div class=\"scroll\"><table class=\"words\"><tr><th>finding</th><th>verdict</th><th>value</th><th>95 %</th><th>threshold</th><th>what was measured</th></tr>");
        foreach (var f in findings)
            html.Add($"<tr><td>{f.Name}</td><td>{f.VerdictText}</td><td>{Finding.Number(f.Value)}</td><td>{(f.Low is null ? "–" : $"{Finding.Number(f.Low)} to {Finding.Number(f.High)}")}</td><td>{f.Threshold}</td><td>{f.Note}</td></tr>");
        html.Raw("</table></div>");
    }

    private static string Share(double share) => $"{100 * share:F1}";

    private static string Signed(double share) => $"{100 * share:+0.0;-0.0;0.0}";
}
