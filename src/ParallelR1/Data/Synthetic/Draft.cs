namespace ParallelR1.Data.Synthetic;

/// <summary>What a kind draws: the text, the answer by a formula of its own, and two ways to it.</summary>
/// <param name="Text">The problem.</param>
/// <param name="Answer">Computed without the routes.</param>
/// <param name="Numbers">The numbers that make the problem, in an order in which equal problems are equal; they decide the split.</param>
/// <param name="First">One way.</param>
/// <param name="Second">The other way.</param>
/// <param name="Search">The search that the problem is, where it is one; it can be cut into slices.</param>
internal sealed record Draft(string Text, int Answer, int[] Numbers, SyntheticRoute First, SyntheticRoute Second, RangeSearch? Search = null)
{
    /// <summary>A problem that is a search: straight through the range, or in two halves.</summary>
    public static Draft Of(string text, int answer, int[] numbers, RangeSearch search)
    {
        var middle = search.Low + search.Length / 2;
        SyntheticRoute one = search.Scan(search.Low, middle - 1), other = search.Scan(middle, search.High);
        var (joined, result) = search.Join([one.Result, other.Result]);
        var halves = new SyntheticRoute("In two halves", [.. one.Text.Split('\n'), .. other.Text.Split('\n'), .. joined.Split('\n')[..^1]], result);
        return new Draft(text, answer, numbers, search.Scan(search.Low, search.High), halves, search);
    }
}
