using System.Globalization;
using System.Text;

namespace ParallelR1.Evaluation.Arms;

/// <summary>A comparison as tables in Markdown.</summary>
internal static class ArmReportMarkdown
{
    /// <summary>The report's tables, one after the other.</summary>
    public static string Of(ArmReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        var options = report.Options;
        text.AppendLine(Invariant($"{options.Suite.Problems.Count} problems of {options.Suite.Name}, {options.Suite.Samples} samples, {report.Seeds} training seeds; cap {options.Cap} tokens on the critical path; grader {options.Grader}, {options.Dtype}, {report.Processor}. `{options.Command}`"));
        Table(text, "claim|verdict|value [95 %]|threshold|beside", report.Findings.Select(f =>
            $"{f.Name}|**{f.VerdictText}**|{(f.Name == Claims.Seconds ? Ratio(f) : Points(f.Value, f.Low, f.High))}|{f.Threshold}|{f.Note}"));
        Table(text, "arm|decoding|cap|accuracy [95 %]|each seed|tokens an answer|on the critical path", report.Rows.Select(r =>
            Invariant($"{r.Summary.Name}{(r.Exploratory ? " (exploratory)" : "")}|{r.How}|{r.Summary.Cap}|{Share(r.Suite.MeanAtK)} [{Share(r.Suite.Low)}, {Share(r.Suite.High)}]|{string.Join(", ", r.Suite.PerSeed.Select(Share))}|{r.Summary.TokensPerAnswer:F0}|{r.Summary.CriticalPerAnswer:F0}")));
        Table(text, "difference, points|caps|on|problems|mean [95 %]|each seed", report.Differences.Select(d =>
            Invariant($"{d.Comparison.A} less {d.Comparison.B}{(d.Exploratory ? " (exploratory)" : "")}|{d.Cap}{(d.OtherCap == d.Cap ? "" : $", {d.OtherCap}")}|{d.On}|{d.Comparison.Problems}|{Points(d.Comparison.Difference, d.Comparison.Low, d.Comparison.High)}|{string.Join(", ", d.Comparison.PerSeed.Select(Signed))}")));
        Table(text, "cap|a correct solution fits: straight through, %|in slices, %|in a block, %|the control can, %|the parallel arm can, %", report.Fits.Select(f =>
            Invariant($"{f.Cap}|{Share(f.Straight)}|{Share(f.Sliced)}|{Share(f.Blocks)}|{Share(f.Plain)}|{Share(f.Parallel)}")));
        Curve(text, report.Curve);
        Table(text, "search|problems|by summary, %|by vote, %", report.Votes.Select(v =>
            Invariant($"{v.Goal}|{v.Problems}|{Share(v.Summary)}|{(v.Vote is { } vote ? Share(vote) : "no vote: parts are summed")}")));
        if (report.Times is { } times)
            Table(text, "timed|cap|seconds an answer, median|each round", times.Arms.Select(a => Invariant($"{a.Name}|{a.Cap}|{a.Median:F3}|{string.Join(", ", a.Rounds.Select(r => Invariant($"{r:F3}")))}")));
        return text.ToString();
    }

    private static void Curve(StringBuilder text, IReadOnlyList<CurvePoint> curve)
    {
        var rows = curve.Select(p => p.Row).Distinct().ToList();
        Table(text, $"cap|{string.Join('|', rows.Select(r => $"{r}, % [95 %]"))}", curve.Select(p => p.Cap).Distinct().Order().Select(cap =>
            Invariant($"{cap}|{string.Join('|', rows.Select(r => curve.First(p => p.Row == r && p.Cap == cap)).Select(p => $"{Share(p.MeanAtK)} [{Share(p.Low)}, {Share(p.High)}]"))}")));
    }

    private static void Table(StringBuilder text, string head, IEnumerable<string> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        text.AppendLine().AppendLine(Line(head)).AppendLine(Line(string.Join('|', head.Split('|').Select(_ => "---"))));
        foreach (var row in all)
            text.AppendLine(Line(row));
    }

    private static string Line(string cells) => $"| {string.Join(" | ", cells.Split('|'))} |";

    private static string Ratio(Finding f) => f is { Value: { } value, Low: { } low, High: { } high } ? Invariant($"{value:F2} [{low:F2}, {high:F2}]") : "-";

    private static string Points(double? value, double? low, double? high) =>
        value is null ? "-" : $"{Signed(value.Value)} [{Signed(low ?? value.Value)}, {Signed(high ?? value.Value)}]";

    private static string Signed(double difference) => Invariant($"{100 * difference:+0.0;-0.0;0.0}");

    private static string Share(double share) => Invariant($"{100 * share:F1}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
