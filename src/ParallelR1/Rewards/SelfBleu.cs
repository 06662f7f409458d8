namespace ParallelR1.Rewards;

/// <summary>How alike the paths of a block are: sentence BLEU between every pair.</summary>
public static class SelfBleu
{
    /// <summary>The mean over pairs of paths, then over blocks; 1 without a block, and for a block with fewer than two paths.</summary>
    public static double Average(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var blocks = BlockText.Blocks(text);
        return blocks.Count == 0 ? 1 : blocks.Average(block => OfBlock(BlockText.Contents(BlockText.Inner(text, block), "Path")));
    }

    /// <summary>The mean over all pairs of paths; the earlier one is the hypothesis.</summary>
    public static double OfBlock(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count < 2)
            return 1;
        var tokens = paths.Select(BleuTokenizer.Tokenize).ToArray();
        var (sum, pairs) = (0.0, 0);
        for (var i = 0; i < tokens.Length; i++)
        {
            for (var j = i + 1; j < tokens.Length; j++, pairs++)
                sum += SentenceBleu.Score(tokens[i], tokens[j]);
        }

        return sum / pairs;
    }
}
