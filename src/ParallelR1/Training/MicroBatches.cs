namespace ParallelR1.Training;

/// <summary>Splits a batch into pieces that fit into memory. What a step computes does not depend on the split.</summary>
internal static class MicroBatches
{
    /// <summary>Indices of the sequences of each piece, in order; a sequence longer than the limit gets a piece of its own.</summary>
    public static IEnumerable<IReadOnlyList<int>> Split(IReadOnlyList<int> lengths, int maxTokens) => Split(lengths.Count, (i, _) => lengths[i], maxTokens);

    /// <summary>The same where what a sequence takes depends on the one before it in the piece.</summary>
    /// <param name="count">Number of sequences.</param>
    /// <param name="length">Rows that a sequence takes behind another one, or (null) at the start of a piece.</param>
    /// <param name="maxTokens">Rows of a piece.</param>
    public static IEnumerable<IReadOnlyList<int>> Split(int count, Func<int, int?, int> length, int maxTokens)
    {
        var piece = new List<int>();
        var tokens = 0;
        for (var i = 0; i < count; i++)
        {
            var added = length(i, piece.Count > 0 ? piece[^1] : null);
            if (piece.Count > 0 && tokens + added > maxTokens)
            {
                yield return piece;
                piece = [];
                tokens = 0;
                added = length(i, null);
            }

            piece.Add(i);
            tokens += added;
        }

        if (piece.Count > 0)
            yield return piece;
    }
}
