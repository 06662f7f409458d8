namespace ParallelR1.Training;

/// <summary>Splits a batch into micro-batches that fit into memory. The result of a step does not depend on the split.</summary>
internal static class MicroBatches
{
    /// <summary>Gets the indices of the sequences of each micro-batch, in order; a sequence longer than the limit has a micro-batch of its own.</summary>
    public static IEnumerable<IReadOnlyList<int>> Split(IReadOnlyList<int> lengths, int maxTokens) => Split(lengths.Count, (i, _) => lengths[i], maxTokens);

    /// <summary>Gets the same if the number of rows of a sequence depends on the one before it in the micro-batch.</summary>
    /// <param name="count">Number of sequences.</param>
    /// <param name="length">Gets the number of rows of a sequence, given its index and that of the one before it, or null at the start of a micro-batch.</param>
    /// <param name="maxTokens">Maximum number of rows of a micro-batch.</param>
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
