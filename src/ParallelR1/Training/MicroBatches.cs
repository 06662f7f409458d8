namespace ParallelR1.Training;

/// <summary>Splits a batch into pieces that fit into memory. What a step computes does not depend on the split.</summary>
internal static class MicroBatches
{
    /// <summary>Indices of the sequences of each piece, in order; a sequence longer than the limit gets a piece of its own.</summary>
    public static IEnumerable<IReadOnlyList<int>> Split(IReadOnlyList<int> lengths, int maxTokens)
    {
        var piece = new List<int>();
        var tokens = 0;
        for (var i = 0; i < lengths.Count; i++)
        {
            if (piece.Count > 0 && tokens + lengths[i] > maxTokens)
            {
                yield return piece;
                piece = [];
                tokens = 0;
            }

            piece.Add(i);
            tokens += lengths[i];
        }

        if (piece.Count > 0)
            yield return piece;
    }
}
