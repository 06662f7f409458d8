using ParallelR1.Runs.Reports;
using Spectre.Console;

namespace ParallelR1.Cli.Output;

/// <summary>Draws a response as a tree on the terminal. As deep as <see cref="TraceTree"/> lets trees be.</summary>
internal static class TraceView
{
    public static Tree Draw(string title, TraceTree trace)
    {
        var tree = new Tree(new Text(title, new Style(decoration: Decoration.Bold)));
        Add(tree, trace);
        return tree;
    }

    private static void Add(IHasTreeNodes parent, TraceTree trace)
    {
        foreach (var node in trace.Nodes)
        {
            if (node is TraceBlock block)
                AddBlock(parent, block);
            else
                parent.AddNode(new Text(((TraceText)node).Text.Trim()));
        }
    }

    private static void AddBlock(IHasTreeNodes parent, TraceBlock block)
    {
        var node = parent.AddNode(new Text("parallel", new Style(Color.Blue)));
        for (var i = 0; i < block.Paths.Count; i++)
            Add(node.AddNode(new Text($"path {i + 1}", new Style(Color.Green))), block.Paths[i]);
        if (block.Stray.Nodes.Count > 0)
            Add(node.AddNode(new Text("outside of paths", new Style(Color.Red))), block.Stray);
        if (block.Summary is { } summary)
            Add(node.AddNode(new Text("summary", new Style(Color.Yellow))), summary);
        else
            node.AddNode(new Text("no summary", new Style(Color.Red)));
    }
}
