namespace ParallelR1.Runs.Reports;

/// <summary>Draws a response with its problem.</summary>
internal static class SampleHtml
{
    public static void Write(Html html, ReportSample sample)
    {
        html.Add($"<div class=\"sample\"><h3>{sample.Source}<span>{sample.Note}</span></h3>");
        if (sample.Problem.Length > 0)
            html.Add($"<div class=\"question\">{sample.Problem}</div>");
        TraceHtml.Write(html, TraceTree.Parse(sample.Response));
        html.Raw("</div>");
    }
}
