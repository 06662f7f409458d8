namespace ParallelR1.Runs.Reports;

/// <summary>A chart over steps as inline SVG: a faint line for what was measured, a strong one for its moving mean.</summary>
internal static class LineChart
{
    private const double Width = 420, Height = 210, Left = 46, Right = 12, Top = 10, Bottom = 24;
    private const int DotLimit = 150;
    private const int MaxPoints = 1600;

    public static void Write(Html html, string title, string note, IReadOnlyList<ChartSeries> series, ChartBase from, string unit = "step")
    {
        var points = series.SelectMany(s => s.Points).ToList();
        if (points.Count == 0)
            return;
        html.Add($"<figure><figcaption><b>{title}</b> <span>{note}</span></figcaption>");
        var x = new ChartScale(points.Min(p => p.X), points.Max(p => p.X), Left, Width - Right, 6, pad: false);
        var (low, high) = (points.Min(p => p.Y), points.Max(p => p.Y));
        if (from != ChartBase.Data)
            low = Math.Min(0, low);
        if (from == ChartBase.Share)
            high = Math.Max(high, 0.05);
        var y = new ChartScale(low, high, Height - Bottom, Top, 4, pad: true);
        Frame(html, title, x, y);
        foreach (var line in series)
            Line(html, line, x, y, unit);
        html.Raw("</svg>");
        Legend(html, series);
        html.Raw("</figure>");
    }

    public static void Frame(Html html, string title, ChartScale x, ChartScale y)
    {
        html.Add($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\">");
        foreach (var tick in y.Ticks)
            html.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y.Map(tick)}\" y2=\"{y.Map(tick)}\"/><text class=\"axis\" x=\"{Left - 6}\" y=\"{y.Map(tick) + 3.5}\" text-anchor=\"end\">{ChartScale.Format(tick)}</text>");
        foreach (var tick in x.Ticks)
            html.Add($"<text class=\"axis\" x=\"{x.Map(tick)}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{ChartScale.Format(tick)}</text>");
    }

    public static (double Left, double Right, double Top, double Bottom) Area => (Left, Width - Right, Top, Height - Bottom);

    private static void Line(Html html, ChartSeries line, ChartScale x, ChartScale y, string unit)
    {
        var smooth = !line.Sparse && line.Points.Count >= 12;
        Path(html, line.Points, line.Color, smooth ? "raw" : "line", x, y);
        if (smooth)
            Path(html, Smooth(line.Points), line.Color, "line", x, y);
        if (line.Points.Count > DotLimit)
            return;
        foreach (var (px, py) in line.Points)
            html.Add($"<circle class=\"{(line.Sparse || line.Points.Count == 1 ? "dot" : "hover")} {ReportStyle.ColorClass(line.Color)}\" cx=\"{x.Map(px)}\" cy=\"{y.Map(py)}\" r=\"3\"><title>{line.Name}, {unit} {px}: {ChartScale.Format(py)}</title></circle>");
    }

    private static void Path(Html html, IReadOnlyList<(double X, double Y)> points, int color, string kind, ChartScale x, ChartScale y)
    {
        html.Add($"<polyline class=\"{kind} {ReportStyle.ColorClass(color)}\" points=\"");
        foreach (var (px, py) in Thin(points))
            html.Add($"{x.Map(px)},{y.Map(py)} ");
        html.Raw("\"/>");
    }

    /// <summary>No more points than can be told apart: of each stretch its first, lowest, highest and last, so that no outlier is lost.</summary>
    internal static IEnumerable<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count <= MaxPoints)
            return points;
        return points.Chunk((points.Count + MaxPoints / 4 - 1) / (MaxPoints / 4))
            .SelectMany(part => new[] { part[0], part.MinBy(p => p.Y), part.MaxBy(p => p.Y), part[^1] }.Distinct().OrderBy(p => p.X));
    }

    /// <summary>A centred moving mean over about a tenth of the steps.</summary>
    private static List<(double X, double Y)> Smooth(IReadOnlyList<(double X, double Y)> points)
    {
        var reach = Math.Clamp(points.Count / 20, 1, 25);
        var sums = new double[points.Count + 1];
        for (var i = 0; i < points.Count; i++)
            sums[i + 1] = sums[i] + points[i].Y;
        return [.. points.Select((p, i) =>
        {
            var (first, end) = (Math.Max(0, i - reach), Math.Min(points.Count, i + reach + 1));
            return (p.X, (sums[end] - sums[first]) / (end - first));
        })];
    }

    private static void Legend(Html html, IReadOnlyList<ChartSeries> series)
    {
        html.Raw("<div class=\"legend\">");
        foreach (var line in series)
            html.Add($"<span><i class=\"{ReportStyle.ColorClass(line.Color)}\"></i>{line.Name} <b>{ChartScale.Format(line.Points[^1].Y)}</b></span>");
        html.Raw("</div>");
    }
}

/// <summary>Where the vertical axis of a chart begins.</summary>
internal enum ChartBase
{
    /// <summary>Near the smallest value.</summary>
    Data,

    /// <summary>At zero.</summary>
    Zero,

    /// <summary>At zero, and it shows at least a twentieth, so that noise near zero does not look like much.</summary>
    Share,
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Color">See <see cref="ReportStyle.ColorClass"/>.</param>
/// <param name="Points">Step (or what else the chart is over) and value, in order.</param>
/// <param name="Sparse">Few measurements: drawn with a dot each, and not smoothed.</param>
internal sealed record ChartSeries(string Name, int Color, IReadOnlyList<(double X, double Y)> Points, bool Sparse = false);
