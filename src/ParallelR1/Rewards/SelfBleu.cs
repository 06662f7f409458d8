namespace ParallelR1.Rewards;

/// <summary>Measures the similarity of the paths of a block: sentence BLEU (0 to 1) between every pair.</summary>
public static class SelfBleu
{
    /// <summary>Computes the mean over pairs of paths, then over blocks; a block with fewer than two paths counts as 1, as does a text without a block.</summary>
    /// <param name="text">The response with its tags.</param>
    public static double Average(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var blocks = BlockText.Blocks(text);
        return blocks.Count == 0 ? 1 : blocks.Average(block => OfBlock(BlockText.Contents(BlockText.Inner(text, block), "Path")));
    }

    /// <summary>Computes the mean over all pairs of paths, with the earlier one as the hypothesis; 1 for fewer than two paths.</summary>
    /// <param name="paths">The texts of the paths, without their tags.</param>
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
