namespace ParallelR1.Thinking;

/// <summary>Taking over a response that was already begun.</summary>
public sealed partial class TraceBuilder
{
    private void Begin(ReadOnlySpan<int> ids)
    {
        var reader = new TraceReader(_tags);
        reader.Read(ids, PromptLength);
        var layout = new TraceLayout(reader, PromptLength);
        var seen = layout.SeenPositions();
        for (var i = 0; i < ids.Length; i++)
            Add(ids[i], TokenOrigin.Given, 0, layout.Positions[i], seen[i], 0);

        // A block without a path has not begun: its <Parallel> is the last token, and may still turn out to be text.
        var open = reader.Open.TakeWhile(block => block.Path >= 0).ToArray();
        BlocksGiven = layout.Blocks.Count(block => block.Paths.Count > 0);
        AwaitsSummary = reader.State == ReaderState.Text && reader.Summarised >= 0;
        _inSummary = reader.State == ReaderState.Summary;
        _single = open.Length > 0 && (_inSummary || AwaitsSummary);
        foreach (var block in open)
            _frames.Add(Resume(block, layout.Blocks[block.Block], seen));

        (_next, _nextSeen) = (reader.NextPosition, ids.Length);
        if (_frames.Count == 0)
            return;
        var innermost = _frames[^1].Lanes[^1];
        if (!innermost.IsClosed)
            (innermost.Next, innermost.NextSeen) = (reader.NextPosition, seen[^1] + 1);
        foreach (var frame in _frames.SkipLast(1))
            Label(frame.Start, frame.Starts[^1], HiddenLane);
        LabelFrame();
    }

    private static BuilderFrame Resume(OpenBlock open, ParallelBlock block, int[] seen)
    {
        var parallel = seen[block.ParallelIndex];
        var frame = new BuilderFrame(open.Position, parallel, block.ParallelIndex + 1) { After = open.After };
        foreach (var path in block.Paths)
        {
            frame.Lanes.Add(new TraceLane(frame.Lanes.Count, open.Position + 1, parallel + 1) { IsClosed = path.Closed });
            frame.Starts.Add(path.Start);
        }

        return frame;
    }

    /// <summary>Labels the paths of the innermost block that lie in the trace already.</summary>
    private void LabelFrame()
    {
        var frame = _frames[^1];
        for (var i = 0; i < frame.Starts.Count; i++)
            Label(frame.Starts[i], i + 1 < frame.Starts.Count ? frame.Starts[i + 1] : _order.Count, i + 1);
    }

    private void Label(int start, int end, int lane)
    {
        for (var i = start; i < end; i++)
            _lanes[_order[i]] = lane;
    }
}
