namespace ParallelR1.Data.Synthetic;

/// <summary>A problem drawn by a <see cref="ProblemKind"/>: its text, the answer from a formula, and two solutions that are computed independently of it.</summary>
/// <param name="Text">The problem's text.</param>
/// <param name="Answer">The answer, computed without the routes.</param>
/// <param name="Numbers">The numbers that define the problem, in canonical order; they decide the split.</param>
/// <param name="First">The first solution.</param>
/// <param name="Second">The second solution.</param>
/// <param name="Search">The range search that solves the problem; null for other problems. A search can be split into slices.</param>
internal sealed record Draft(string Text, int Answer, int[] Numbers, SyntheticRoute First, SyntheticRoute Second, RangeSearch? Search = null)
{
    /// <summary>Makes the draft of a search problem: one solution scans the whole range, the other its two halves.</summary>
    public static Draft Of(string text, int answer, int[] numbers, RangeSearch search)
    {
        var middle = search.Low + search.Length / 2;
        SyntheticRoute one = search.Scan(search.Low, middle - 1), other = search.Scan(middle, search.High);
        var (joined, result) = search.Join([one.Result, other.Result]);
        var halves = new SyntheticRoute("In two halves", [.. one.Text.Split('\n'), .. other.Text.Split('\n'), .. joined.Split('\n')[..^1]], result);
        return new Draft(text, answer, numbers, search.Scan(search.Low, search.High), halves, search);
    }
}
