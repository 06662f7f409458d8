using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Runs.Reports;

/// <summary>One self-contained HTML page that draws the examples of a file as trees.</summary>
public static class ExamplesPage
{
    /// <summary>Makes the page and writes it, whole or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="title">What the page is called.</param>
    /// <param name="rows">Rows with a <c>response</c> (or <c>text</c>); others are skipped.</param>
    /// <returns>How many were drawn.</returns>
    public static int Write(string path, string title, IEnumerable<JsonObject> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var html = new Html();
        html.Add($"<h1>{title}</h1>");
        var drawn = 0;
        foreach (var row in rows)
        {
            if (ReportSample.FromRow(row, Name(row, drawn)) is not { } sample)
                continue;
            SampleHtml.Write(html, sample);
            drawn++;
        }

        html.Add($"<footer>{drawn} examples</footer>");
        AtomicFile.WriteText(path, ReportStyle.Page(title, html));
        return drawn;
    }

    /// <summary>The response in a row of any of our files, or null.</summary>
    public static string? Response(JsonObject row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return ReportSample.FromRow(row, "")?.Response;
    }

    private static string Name(JsonObject row, int index) => row["id"] is JsonValue id ? id.ToString() : $"{index + 1}";
}

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
