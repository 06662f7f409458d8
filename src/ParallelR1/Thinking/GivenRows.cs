namespace ParallelR1.Thinking;

/// <summary>
/// Prompt and lead as rows to prefill: the rows that go through the model (each token in the context in which it is decoded), and, for
/// each token, the row whose key and value later tokens see.
/// </summary>
/// <param name="Rows">The rows that go through the model.</param>
/// <param name="Sources">For each token, the row of <paramref name="Rows"/> whose key and value are stored in the cache, at the token's index.</param>
internal sealed record GivenRows(TraceRows Rows, int[] Sources)
{
    /// <summary>Gets the number of tokens.</summary>
    public int Length => Sources.Length;

    /// <summary>Computes the rows of a prompt and a lead.</summary>
    /// <param name="ids">Token ids of prompt and lead.</param>
    /// <param name="promptLength">Number of prompt tokens.</param>
    /// <param name="tags">The six tags.</param>
    /// <param name="regime">The visibility regime.</param>
    /// <param name="reader">A reader that has read the ids in that regime.</param>
    /// <param name="open">Blocks that the lead leaves open, outermost first.</param>
    internal static GivenRows Of(int[] ids, int promptLength, TagIds tags, Visibility regime, TraceReader reader, IReadOnlyList<OpenBlock> open)
    {
        int[] sources = [.. Enumerable.Range(0, ids.Length)];
        if (regime == Visibility.Unseen)
            return new GivenRows(TraceRows.Unseen(ids, promptLength, tags), sources);

        // Later tokens see finished blocks as plain concatenation, and the paths of open blocks as they are decoded.
        var passes = new SeenPasses(reader, int.MaxValue);
        foreach (var block in open)
        {
            var paths = reader.Blocks[block.Block].Paths;
            for (var i = 0; i < paths.Count; i++)
            {
                for (var token = paths[i].Start; token < paths[i].End; token++)
                    sources[token] = passes.OfPath(block.Block, i).Row(token);
            }
        }

        return new GivenRows(TraceRows.Seen(ids, promptLength, passes), sources);
    }
}
