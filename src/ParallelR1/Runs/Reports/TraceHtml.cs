namespace ParallelR1.Runs.Reports;

/// <summary>Draws a trace with its paths side by side. As deep as <see cref="TraceTree"/> lets trees be.</summary>
internal static class TraceHtml
{
    public static void Write(Html html, TraceTree tree)
    {
        html.Raw("<div class=\"trace\">");
        Nodes(html, tree);
        html.Raw("</div>");
    }

    private static void Nodes(Html html, TraceTree tree)
    {
        foreach (var node in tree.Nodes)
        {
            if (node is TraceBlock block)
                Block(html, block);
            else
                Text(html, ((TraceText)node).Text);
        }
    }

    private static void Block(Html html, TraceBlock block)
    {
        html.Raw("<div class=\"block\"><div class=\"tag\">parallel</div><div class=\"paths\">");
        for (var i = 0; i < block.Paths.Count; i++)
        {
            html.Add($"<div class=\"path {ReportStyle.ColorClass(i)}\"><div class=\"tag\">path {i + 1}</div>");
            Nodes(html, block.Paths[i]);
            html.Raw("</div>");
        }

        if (block.Stray.Nodes.Count > 0)
        {
            html.Raw("<div class=\"path stray\"><div class=\"tag\">outside of paths</div>");
            Nodes(html, block.Stray);
            html.Raw("</div>");
        }

        html.Raw("</div>");
        if (block.Summary is { } summary)
        {
            html.Raw("<div class=\"summary\"><div class=\"tag\">summary</div>");
            Nodes(html, summary);
            html.Raw("</div>");
        }
        else
        {
            html.Raw("<div class=\"summary missing\">no summary</div>");
        }

        html.Raw("</div>");
    }

    /// <summary>Text with its lines; the final answer stands out.</summary>
    private static void Text(Html html, string text)
    {
        var trimmed = text.Trim();
        var answer = trimmed.LastIndexOf("Final Answer:", StringComparison.Ordinal);
        var end = answer < 0 ? -1 : trimmed.IndexOf('\n', answer) is var line and >= 0 ? line : trimmed.Length;
        html.Raw("<div class=\"text\">");
        if (answer >= 0)
            html.Add($"{trimmed[..answer]}<b class=\"answer\">{trimmed[answer..end]}</b>{trimmed[end..]}");
        else
            html.Add($"{trimmed}");
        html.Raw("</div>");
    }
}
