using System.Text;
using ParallelR1.Runs.Reports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ParallelR1.Cli.Output;

/// <summary>Draws a response with the paths of every block in columns. As deep as <see cref="TraceTree"/> lets trees be.</summary>
internal static class SideBySide
{
    private const int LeastColumn = 24;
    private static readonly Color[] s_colors = [Color.Green, Color.Blue, Color.Magenta1, Color.Olive, Color.Teal, Color.Maroon];

    /// <param name="tree">The response.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static IRenderable Draw(TraceTree tree, int width)
    {
        var rows = new List<IRenderable>();
        foreach (var node in tree.Nodes)
        {
            if (node is TraceBlock block)
                Add(rows, block, width);
            else if (Clean(((TraceText)node).Text) is { Length: > 0 } text)
                rows.Add(new Text(text));
        }

        return new Rows(rows);
    }

    private static void Add(List<IRenderable> rows, TraceBlock block, int width)
    {
        var abreast = Math.Clamp(width / LeastColumn, 1, Math.Max(1, block.Paths.Count));
        var rowsNeeded = (block.Paths.Count + abreast - 1) / abreast;
        abreast = Math.Max(1, (block.Paths.Count + rowsNeeded - 1) / Math.Max(1, rowsNeeded)); // 3 and 2, not 4 and 1
        for (var start = 0; start < block.Paths.Count; start += abreast)
        {
            var count = Math.Min(abreast, block.Paths.Count - start);
            var inner = Math.Max(1, width / count - 4);
            var grid = new Grid { Expand = true };
            for (var i = 0; i < count; i++)
                grid.AddColumn(new GridColumn { Width = Math.Max(1, width / count), Padding = new Padding(0, 0, 0, 0) });
            grid.AddRow([.. Enumerable.Range(start, count).Select(i => Framed($"path {i + 1}", s_colors[i % s_colors.Length], Draw(block.Paths[i], inner)))]);
            rows.Add(grid);
        }

        if (block.Stray.Nodes.Count > 0)
            rows.Add(Framed("outside of paths", Color.Red, Draw(block.Stray, width - 4)));
        if (block.Summary is { } summary)
            rows.Add(Framed("summary", Color.Yellow, Draw(summary, width - 4)));
    }

    private static Panel Framed(string title, Color color, IRenderable content) =>
        new Panel(content) { Expand = true, Border = BoxBorder.Rounded }.Header($" {title} ").BorderColor(color);

    /// <summary>A model may write anything; what would steer the terminal is shown as a replacement character.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text.Trim().ReplaceLineEndings("\n"))
        {
            if (c == '\t')
                clean.Append("    ");
            else
                clean.Append(char.IsControl(c) && c != '\n' ? '\uFFFD' : c);
        }

        return clean.ToString();
    }
}
