namespace ParallelR1.Data.Synthetic;

/// <summary>A problem in plain English with an integer answer and two genuinely different ways to it.</summary>
/// <param name="Kind">The family of problems it belongs to, such as <c>two-remainders</c>.</param>
/// <param name="Difficulty">Easy or hard.</param>
/// <param name="Split">Train or test.</param>
/// <param name="Text">The problem.</param>
/// <param name="Answer">The answer.</param>
/// <param name="First">One way: step by step, or a search from the low end.</param>
/// <param name="Second">The other way: regrouped, or the search from the high end.</param>
public sealed record SyntheticProblem(
    string Kind,
    SyntheticDifficulty Difficulty,
    SyntheticSplit Split,
    string Text,
    int Answer,
    SyntheticRoute First,
    SyntheticRoute Second)
{
    /// <summary>A response without tags by either route, drawn by <paramref name="key"/>.</summary>
    public string Sequential(RandomKey key) => Sequential(key.Next(2) == 0 ? First : Second);

    /// <summary>A response without tags by <paramref name="route"/>.</summary>
    public static string Sequential(SyntheticRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return $"{route.Text}\n\nFinal Answer: {route.Result}";
    }

    /// <summary>A teacher's response in the canonical layout: both routes in one block, in an order drawn by <paramref name="key"/>, and a summary.</summary>
    public string Parallel(RandomKey key)
    {
        var (one, other) = key.Next(2) == 0 ? (First, Second) : (Second, First);
        return $"<Parallel><Path>{one.Text}</Path><Path>{other.Text}</Path></Parallel>\n"
            + $"<Summary>{one.Result} and {other.Result}\nso {Answer}</Summary>\n\nFinal Answer: {Answer}";
    }
}
