using ParallelR1.Grading;

namespace ParallelR1.Rewards;

/// <summary>The share of a response's words that parallel decoding saves, counted as in the published efficiency reward.</summary>
/// <param name="TotalWords">Number of words of the response, without its tags.</param>
/// <param name="TraversedWords">Number of words outside of blocks, plus those of one path and of the last inner summary of each block.</param>
/// <param name="Blocks">Number of blocks.</param>
public readonly record struct Efficiency(int TotalWords, int TraversedWords, int Blocks)
{
    /// <summary>Gets the share of words saved, 0 to 1; 0 if there are no words, or if more words are traversed than there are.</summary>
    public double Gain => TotalWords == 0 ? 0 : Math.Max(0, (double)(TotalWords - TraversedWords) / TotalWords);

    /// <summary>Counts the words of a response with its tags.</summary>
    internal static Efficiency Of(string text, PathMode mode = PathMode.Max)
    {
        ArgumentNullException.ThrowIfNull(text);
        var blocks = BlockText.Blocks(text);
        var traversed = Words(BlockText.Outside(text, blocks));
        foreach (var block in blocks)
            traversed += Traversed(BlockText.Inner(text, block), mode);
        return new Efficiency(Words(text), traversed, blocks.Count);
    }

    /// <summary>Counts the words of a text: runs of characters other than white space, after the six tags have been removed.</summary>
    internal static int Words(string text)
    {
        var (count, inside) = (0, false);
        foreach (var c in TagText.Strip(text))
        {
            var space = PythonText.IsSpace(c);
            if (!space && !inside)
                count++;
            inside = !space;
        }

        return count;
    }

    private static int Traversed(string block, PathMode mode)
    {
        var paths = BlockText.Contents(block, "Path").ConvertAll(Words);
        if (paths.Count == 0)
            return Words(block);
        var summaries = BlockText.Contents(block, "Summary");
        var path = mode switch
        {
            PathMode.Max => paths.Max(),
            PathMode.Min => paths.Min(),
            _ => (int)paths.Average(),
        };
        return path + (summaries.Count == 0 ? 0 : Words(summaries[^1]));
    }
}

/// <summary>Which path of a block counts towards the traversed words.</summary>
internal enum PathMode
{
    /// <summary>The longest path, which parallel decoding has to wait for.</summary>
    Max,

    /// <summary>The shortest path.</summary>
    Min,

    /// <summary>The mean over the paths, truncated to an integer.</summary>
    Avg,
}
