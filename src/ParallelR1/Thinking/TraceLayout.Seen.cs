namespace ParallelR1.Thinking;

/// <summary>How a Seen engine decodes the trace.</summary>
public sealed partial class TraceLayout
{
    /// <summary>
    /// For each token its position in the context in which a Seen engine decodes it: plain positions over the concatenation, except that
    /// a path counts on from its <c>&lt;Parallel&gt;</c>. In a nested block the same holds within the context of the path around it.
    /// </summary>
    public int[] SeenPositions()
    {
        var positions = new int[Length];
        var offsets = new int[_blocks.Count][];
        foreach (var segment in _segments)
        {
            var offset = segment.Kind switch
            {
                SegmentKind.Path => Offset(segment.Block, segment.Path),
                SegmentKind.Summary => Offset(_blocks[segment.Block].ParentBlock, _blocks[segment.Block].ParentPath),
                _ => 0,
            };
            for (var i = segment.Start; i < segment.End; i++)
                positions[i] = i + offset;
        }

        return positions;

        int Offset(int block, int path)
        {
            if (block < 0)
                return 0;
            // All of a block's offsets follow from the position of its <Parallel>, which comes before its first path.
            offsets[block] ??= [.. _blocks[block].Paths.Select(p => positions[_blocks[block].ParallelIndex] + 1 - p.Start)];
            return offsets[block][path];
        }
    }

    /// <summary>
    /// The passes in which a Seen engine decodes each token, as rows to score together: first the whole trace, plain causal; then, for each
    /// path that is not the first of its block, a replay in its own context. Streamed, in the order of the paths' beginning.
    /// </summary>
    /// <remarks>
    /// A replay sees the text before its block and itself. If the block is nested, the text before it is that of the pass in which the
    /// path around it is scored (the whole trace if that path and all around it are first paths, else that path's replay), where
    /// everything, earlier finished blocks too, is plain concatenation. So nested replays repeat tokens: as many rows as there are tokens
    /// times the number of not-first paths around them.
    /// </remarks>
    public IEnumerable<SeenReplay> SeenDecoding()
    {
        var passes = new int[_blocks.Count][];
        var replays = new List<SeenReplay> { new(0, -1, 0, new TokenRange(0, Length), 0, 0) };
        yield return replays[0];
        long row = Length;
        foreach (var block in _blocks)
        {
            passes[block.Index] = new int[block.Paths.Count];
            var around = block.ParentBlock < 0 ? replays[0] : replays[passes[block.ParentBlock][block.ParentPath]];
            for (var i = 0; i < block.Paths.Count; i++)
            {
                if (i == 0)
                {
                    passes[block.Index][0] = around.Index;
                    continue;
                }

                var tokens = new TokenRange(block.Paths[i].Start, block.Paths[i].End);
                var replay = new SeenReplay(
                    replays.Count, around.Index, row, tokens, around.FirstPosition + block.ParallelIndex - around.Tokens.Start + 1, block.ParallelIndex + 1);
                replays.Add(replay);
                passes[block.Index][i] = replay.Index;
                row += tokens.Length;
                yield return replay;
            }
        }
    }
}
