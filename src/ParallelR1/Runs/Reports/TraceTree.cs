using System.Text.RegularExpressions;

namespace ParallelR1.Runs.Reports;

/// <summary>A response as a tree, for people to look at: text, blocks with their paths, summaries. Tags out of place stay text.</summary>
public sealed partial class TraceTree
{
    private const int MaxDepth = 6;

    private readonly List<TraceNode> _nodes = [];

    /// <summary>Text and blocks in order.</summary>
    public IReadOnlyList<TraceNode> Nodes => _nodes;

    /// <summary>Number of blocks, nested ones included.</summary>
    public int Blocks { get; private set; }

    /// <summary>Reads a response with its literal tags. Never fails; what is not closed ends with the text.</summary>
    public static TraceTree Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var root = new TraceTree();
        var open = new Stack<Frame>();
        open.Push(new Frame(root, null));
        var at = 0;
        foreach (var match in TagPattern().EnumerateMatches(text))
        {
            var tag = text.Substring(match.Index, match.Length);
            if (Turn(open, tag, text.AsMemory(at, match.Index - at), root))
                at = match.Index + match.Length;
        }

        Append(open, text[at..]);
        return root;
    }

    /// <summary>Applies a tag (after the text before it), or says that it is out of place here.</summary>
    private static bool Turn(Stack<Frame> open, string tag, ReadOnlyMemory<char> before, TraceTree root)
    {
        var top = open.Peek();
        switch (tag)
        {
            case "<Parallel>" when top.Tree is not null && open.Count < 2 * MaxDepth:
                Append(open, before.ToString());
                var block = new TraceBlock();
                top.Tree._nodes.Add(block);
                root.Blocks++;
                open.Push(new Frame(null, block));
                return true;
            case "<Path>" when top.Block is { } parent:
                Append(open, before.ToString());
                var path = new TraceTree();
                parent.AddPath(path);
                open.Push(new Frame(path, null) { IsPath = true });
                return true;
            case "<Summary>" when top.Tree is not null && before.Span.IsWhiteSpace() && top.Tree._nodes is [.., TraceBlock { Summary: null } last]:
                last.Summary = new TraceTree();
                open.Push(new Frame(last.Summary, null));
                return true;
            case "</Path>" when top.IsPath:
            case "</Parallel>" when top.Block is not null:
            case "</Summary>" when top is { IsPath: false, Tree: not null } && open.Count > 1:
                Append(open, before.ToString());
                open.Pop();
                return true;
            default:
                return false;
        }
    }

    private static void Append(Stack<Frame> open, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return;
        var top = open.Peek();
        var tree = top.Tree ?? top.Block!.Stray;
        if (tree._nodes is [.., TraceText last])
            tree._nodes[^1] = new TraceText(last.Text + text);
        else
            tree._nodes.Add(new TraceText(text));
    }

    [GeneratedRegex("</?(?:Parallel|Path|Summary)>")]
    private static partial Regex TagPattern();

    private sealed record Frame(TraceTree? Tree, TraceBlock? Block)
    {
        public bool IsPath { get; init; }
    }
}

/// <summary>A part of a trace: <see cref="TraceText"/> or <see cref="TraceBlock"/>.</summary>
public abstract record TraceNode;

/// <summary>Text of the main line, of a path or of a summary.</summary>
public sealed record TraceText(string Text) : TraceNode;

/// <summary>A block: paths side by side, and what was made of them.</summary>
public sealed record TraceBlock : TraceNode
{
    private readonly List<TraceTree> _paths = [];

    /// <summary>The paths.</summary>
    public IReadOnlyList<TraceTree> Paths => _paths;

    /// <summary>The summary, or null where there is none.</summary>
    public TraceTree? Summary { get; internal set; }

    /// <summary>Text within the block but outside of its paths; none in a well-formed trace.</summary>
    public TraceTree Stray { get; } = new();

    internal void AddPath(TraceTree path) => _paths.Add(path);
}
