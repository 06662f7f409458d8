namespace ParallelR1.Rewards;

/// <summary>Finds blocks and paths in a text as the published efficiency and diversity rewards do: from an opening tag to the nearest closing one.</summary>
internal static class BlockText
{
    public static List<(int Start, int End)> Blocks(string text) => Spans(text, "<Parallel>", "</Parallel>");

    /// <summary>Gets the text between the tags of a block found by <see cref="Blocks"/>.</summary>
    public static string Inner(string text, (int Start, int End) block) => text[(block.Start + "<Parallel>".Length)..(block.End - "</Parallel>".Length)];

    /// <summary>Gets the contents of each <c>&lt;NAME&gt;…&lt;/NAME&gt;</c>.</summary>
    public static List<string> Contents(string text, string name)
    {
        var (open, close) = ($"<{name}>", $"</{name}>");
        return [.. Spans(text, open, close).Select(s => text[(s.Start + open.Length)..(s.End - close.Length)])];
    }

    /// <summary>Gets the text without its blocks.</summary>
    public static string Outside(string text, List<(int Start, int End)> blocks)
    {
        var result = new System.Text.StringBuilder(text.Length);
        var from = 0;
        foreach (var (start, end) in blocks)
        {
            result.Append(text, from, start - from);
            from = end;
        }

        return result.Append(text, from, text.Length - from).ToString();
    }

    private static List<(int Start, int End)> Spans(string text, string open, string close)
    {
        var spans = new List<(int, int)>();
        for (var start = text.IndexOf(open, StringComparison.Ordinal); start >= 0;)
        {
            var end = text.IndexOf(close, start + open.Length, StringComparison.Ordinal);
            if (end < 0)
                break;
            end += close.Length;
            spans.Add((start, end));
            start = text.IndexOf(open, end, StringComparison.Ordinal);
        }

        return spans;
    }
}
