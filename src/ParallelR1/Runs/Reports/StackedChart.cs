namespace ParallelR1.Runs.Reports;

/// <summary>Where the seconds of every step went: bars of phases, one on the other. Many steps are put together into fewer bars.</summary>
internal static class StackedChart
{
    private const int MaxBars = 60;

    public static void Write(Html html, string title, IReadOnlyList<(int Step, IReadOnlyDictionary<string, double> Parts)> steps)
    {
        if (steps.Count == 0)
            return;
        string[] phases = [.. steps.SelectMany(s => s.Parts.Keys).Distinct()];
        var bars = steps.Chunk((steps.Count + MaxBars - 1) / MaxBars).ToList();
        var totals = phases.Select(p => steps.Average(s => s.Parts.GetValueOrDefault(p))).ToArray();
        var area = LineChart.Area;
        var y = new ChartScale(0, bars.Max(b => phases.Sum(p => Mean(b, p))), area.Bottom, area.Top, 4, pad: true);
        var x = new ChartScale(steps[0].Step, steps[^1].Step, area.Left, area.Right, 6, pad: false);
        html.Add($"<figure><figcaption><b>{title}</b> <span>seconds a step, by phase</span></figcaption>");
        LineChart.Frame(html, title, x, y);
        var width = (area.Right - area.Left) / bars.Count;
        for (var i = 0; i < bars.Count; i++)
            Bar(html, bars[i], phases, area.Left + i * width, width, y);
        html.Raw("</svg><div class=\"legend\">");
        for (var p = 0; p < phases.Length; p++)
            html.Add($"<span><i class=\"{ReportStyle.ColorClass(p)}\"></i>{phases[p]} <b>{ChartScale.Format(totals[p])} s</b></span>");
        html.Raw("</div></figure>");
    }

    private static void Bar(Html html, (int Step, IReadOnlyDictionary<string, double> Parts)[] bar, string[] phases, double left, double width, ChartScale y)
    {
        var below = 0.0;
        for (var p = 0; p < phases.Length; p++)
        {
            var value = Mean(bar, phases[p]);
            if (value <= 0)
                continue;
            html.Add($"<rect class=\"fill {ReportStyle.ColorClass(p)}\" x=\"{left + width * 0.08}\" width=\"{width * 0.84}\" y=\"{y.Map(below + value)}\" height=\"{y.Map(below) - y.Map(below + value)}\"><title>{phases[p]}, step {bar[0].Step}: {ChartScale.Format(value)} s</title></rect>");
            below += value;
        }
    }

    private static double Mean((int Step, IReadOnlyDictionary<string, double> Parts)[] bar, string phase) =>
        bar.Average(b => b.Parts.GetValueOrDefault(phase));
}
