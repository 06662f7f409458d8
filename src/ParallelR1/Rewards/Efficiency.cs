using ParallelR1.Grading;

namespace ParallelR1.Rewards;

/// <summary>How many of a response's words parallel decoding saves, as the published efficiency reward counts them.</summary>
/// <param name="TotalWords">All words, tags deleted.</param>
/// <param name="TraversedWords">Words outside of blocks, and of each block one path and its last inner summary.</param>
/// <param name="Blocks">Blocks found.</param>
public readonly record struct Efficiency(int TotalWords, int TraversedWords, int Blocks)
{
    /// <summary>The share of words saved, at least 0.</summary>
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

    /// <summary>Runs of non-white-space after the six tags have been deleted.</summary>
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
    /// <summary>The longest: what is waited for in parallel decoding.</summary>
    Max,

    /// <summary>The shortest.</summary>
    Min,

    /// <summary>The mean, cut to an integer.</summary>
    Avg,
}
