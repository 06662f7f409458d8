using ParallelR1.Evaluation;
using ParallelR1.Evaluation.Arms;
using ParallelR1.IO;

namespace ParallelR1.Runs.Reports;

/// <summary>Accuracy against tokens on the critical path as an SVG file that stands by itself, readable in light and in dark.</summary>
public static class CurvePicture
{
    private const double Width = 720, Height = 400, Left = 64, Right = 148, Top = 44, Bottom = 52, Apart = 17;

    private const string Style = """
        <style>text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:#1f2328}.soft{fill:#5b646d;font-size:12px}.head{font-weight:600;font-size:14px}
        .back{fill:#fff}.grid{stroke:#e3e5e8}.cap{stroke:#5b646d;stroke-dasharray:4 4}.line{fill:none;stroke-width:2.5;stroke-linejoin:round}.band{opacity:.16}
        .l0{stroke:#2a6fdb}.f0{fill:#2a6fdb}.l1{stroke:#d4631f}.f1{fill:#d4631f}.l2{stroke:#6b7280}.f2{fill:#6b7280}
        @media(prefers-color-scheme:dark){text{fill:#e6e9ec}.soft{fill:#98a2ac}.back{fill:#14171a}.grid{stroke:#2a2f35}.cap{stroke:#98a2ac}.band{opacity:.22}
        .l0{stroke:#6ea8ff}.f0{fill:#6ea8ff}.l1{stroke:#f09a5c}.f1{fill:#f09a5c}.l2{stroke:#a4adb8}.f2{fill:#a4adb8}}</style>
        """;

    /// <summary>Writes the picture, whole or not at all; nothing where no curve was measured yet.</summary>
    public static void Write(string path, ArmReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Curve.Count > 0)
            AtomicFile.WriteText(path, Of(report));
    }

    /// <summary>The picture as text.</summary>
    internal static string Of(ArmReport report)
    {
        var (curve, cap) = (report.Curve, report.Options.Cap);
        var x = new ChartScale(0, curve.Max(p => p.Cap), Left, Width - Right, 8, pad: false);
        var y = new ChartScale(0, 100 * curve.Max(p => p.High), Height - Bottom, Top, 5, pad: true);
        var rows = curve.GroupBy(p => p.Row).Select(g => g.OrderBy(p => p.Cap).ToList()).ToList();
        var svg = new Html();
        svg.Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Accuracy against tokens on the critical path\">");
        svg.Add($"<title>Accuracy against tokens on the critical path: {string.Join(", ", rows.Select(r => r[0].Row))}</title>").Raw(Style);
        svg.Add($"<rect class=\"back\" width=\"{Width}\" height=\"{Height}\" rx=\"8\"/>");
        svg.Add($"<text class=\"head\" x=\"{Left}\" y=\"24\">Accuracy, %, of {report.Options.Suite.Problems.Count} problems ({report.Options.Suite.Name}), with 95 % bands</text>");
        Axes(svg, x, y, cap);
        for (var i = 0; i < rows.Count; i++)
            Row(svg, rows[i], i % 3, x, y);
        Names(svg, rows, y);
        return svg.Raw("</svg>\n").ToString();
    }

    private static void Axes(Html svg, ChartScale x, ChartScale y, int cap)
    {
        foreach (var tick in y.Ticks)
            svg.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y.Map(tick)}\" y2=\"{y.Map(tick)}\"/><text class=\"soft\" x=\"{Left - 8}\" y=\"{y.Map(tick) + 4}\" text-anchor=\"end\">{ChartScale.Format(tick)}</text>");
        foreach (var tick in x.Ticks)
            svg.Add($"<text class=\"soft\" x=\"{x.Map(tick)}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{ChartScale.Format(tick)}</text>");
        svg.Add($"<text class=\"soft\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 12}\" text-anchor=\"middle\">tokens allowed on the critical path</text>");
        svg.Add($"<line class=\"cap\" x1=\"{x.Map(cap)}\" x2=\"{x.Map(cap)}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/><text class=\"soft\" x=\"{x.Map(cap)}\" y=\"{Top - 5}\" text-anchor=\"middle\">registered cap {cap}</text>");
    }

    private static void Row(Html svg, List<CurvePoint> points, int color, ChartScale x, ChartScale y)
    {
        svg.Add($"<polygon class=\"band f{color}\" points=\"");
        foreach (var p in points)
            svg.Add($"{x.Map(p.Cap)},{y.Map(100 * p.High)} ");
        foreach (var p in points.AsEnumerable().Reverse())
            svg.Add($"{x.Map(p.Cap)},{y.Map(100 * p.Low)} ");
        svg.Add($"\"/><polyline class=\"line l{color}\" points=\"");
        foreach (var p in points)
            svg.Add($"{x.Map(p.Cap)},{y.Map(100 * p.MeanAtK)} ");
        svg.Raw("\"/>");
        foreach (var p in points)
            svg.Add($"<circle class=\"f{color}\" cx=\"{x.Map(p.Cap)}\" cy=\"{y.Map(100 * p.MeanAtK)}\" r=\"3.5\"><title>{p.Row}, cap {p.Cap}: {100 * p.MeanAtK} %, 95 % {100 * p.Low} to {100 * p.High}</title></circle>");
    }

    /// <summary>Each row's name at the end of its line, none over another.</summary>
    private static void Names(Html svg, List<List<CurvePoint>> rows, ChartScale y)
    {
        var at = double.NegativeInfinity;
        foreach (var (points, color) in rows.Select((points, i) => (points, i % 3)).OrderBy(r => y.Map(100 * r.points[^1].MeanAtK)))
        {
            at = Math.Max(y.Map(100 * points[^1].MeanAtK) + 4, at + Apart);
            svg.Add($"<text class=\"f{color}\" style=\"font-weight:600\" x=\"{Width - Right + 10}\" y=\"{at}\">{points[0].Row}{(points[0].Paths is > 1 ? $", {points[0].Paths} paths" : "")}</text>");
        }
    }
}
