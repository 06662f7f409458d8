using ParallelR1.Grading;
using ParallelR1.Thinking;

namespace ParallelR1.Evaluation;

/// <summary>Statistics of the answers of paths and of the summaries of blocks. Counts; shares are over the blocks with at least two paths.</summary>
/// <param name="Blocks">Number of blocks with at least two paths.</param>
/// <param name="Different">Number of blocks whose paths are not all the same text.</param>
/// <param name="AnyRight">Number of blocks in which at least one path on its own reaches the correct answer.</param>
/// <param name="TakenRight">Number of blocks counted in AnyRight whose summary reaches the correct answer too.</param>
/// <param name="Agreement">Sum over blocks of the share of pairs of paths that reach the same answer.</param>
/// <param name="Verifying">Number of blocks that verify an answer already given before them, where the others search for one; null if not counted.</param>
public readonly record struct BlockFigures(int Blocks, int Different, int AnyRight, int TakenRight, double Agreement, int? Verifying = null)
{
    private static readonly SemanticGrader s_grader = new();

    /// <summary>Gets the share of blocks whose paths differ; null without blocks.</summary>
    public double? PathsDiffer => Share(Different, Blocks);

    /// <summary>Gets the share of blocks in which a path on its own reaches the correct answer: the upper bound for a summary that selects one path's answer.</summary>
    public double? PathOracle => Share(AnyRight, Blocks);

    /// <summary>Gets the share of those blocks whose summary reaches the correct answer; null if no path is correct.</summary>
    public double? SummaryTakesRight => Share(TakenRight, AnyRight);

    /// <summary>Gets the mean share of pairs of paths that reach the same answer; null without blocks.</summary>
    public double? PathAgreement => Share(Agreement, Blocks);

    /// <summary>Gets the share of blocks that verify an answer already given before them; null without blocks, or if not counted.</summary>
    public double? VerificationRatio => Verifying is { } verifying ? Share(verifying, Blocks) : null;

    /// <summary>Adds two counts.</summary>
    public static BlockFigures operator +(BlockFigures a, BlockFigures b) =>
        a.Blocks == 0 ? b : b.Blocks == 0 ? a
        : new(a.Blocks + b.Blocks, a.Different + b.Different, a.AnyRight + b.AnyRight, a.TakenRight + b.TakenRight, a.Agreement + b.Agreement, a.Verifying + b.Verifying);

    /// <summary>Reads the blocks of a response.</summary>
    /// <param name="ids">Token ids that <paramref name="layout"/> was read from.</param>
    /// <param name="layout">Their structure.</param>
    /// <param name="decode">Token ids as text.</param>
    /// <param name="answer">The gold answer.</param>
    internal static BlockFigures Of(int[] ids, TraceLayout layout, Func<int[], string> decode, string answer)
    {
        var figures = default(BlockFigures);
        if (layout.Blocks.Count == 0)
            return figures;
        var response = Text(layout.PromptLength, ids.Length);
        foreach (var block in layout.Blocks.Where(b => b.Paths.Count > 1))
        {
            string[] paths = [.. block.Paths.Select(path => Text(path.Start + 1 + path.NumberTokens, path.End))];
            Grade[] grades = [.. paths.Select(text => s_grader.Grade(text, answer))];
            var anyRight = grades.Any(g => g.IsCorrect);
            var takenRight = anyRight && block.SummaryStart >= 0 && s_grader.Grade(Text(block.SummaryStart, block.SummaryEnd), answer).IsCorrect;
            figures += new BlockFigures(1, paths.Distinct().Skip(1).Any() ? 1 : 0, anyRight ? 1 : 0, takenRight ? 1 : 0, Agreeing(grades), BlockUse.Verifies(MainLine(block.ParallelIndex), response) ? 1 : 0);
        }

        return figures;

        // Up to a block: what lies between the blocks before it, and their summaries.
        string MainLine(int end)
        {
            var parts = new List<string>();
            var start = layout.PromptLength;
            foreach (var earlier in layout.Blocks.Where(b => b.ParallelIndex < end && b.SummaryStart >= 0 && b.SummaryEnd < end))
            {
                parts.Add(Text(start, earlier.ParallelIndex));
                start = earlier.SummaryStart;
            }

            return string.Join('\n', [.. parts, Text(start, end)]);
        }

        string Text(int start, int end) => TagText.Strip(decode(ids[start..end]));
    }

    private static double Agreeing(Grade[] grades)
    {
        var equal = grades.Where(g => g.Extracted is not null).GroupBy(g => g.Extracted).Sum(same => same.Count() * (same.Count() - 1) / 2);
        return equal / (grades.Length * (grades.Length - 1) / 2.0);
    }

    private static double? Share(double part, int whole) => whole > 0 ? part / whole : null;
}
