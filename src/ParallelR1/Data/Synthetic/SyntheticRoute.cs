namespace ParallelR1.Data.Synthetic;

/// <summary>A solution of a problem, or of one slice of a search.</summary>
/// <param name="Name">The method, such as <c>Step by step</c>, or the range of a search, such as <c>21-36</c>.</param>
/// <param name="Lines">The calculation: one equation, or one tested number, per line.</param>
/// <param name="Result">The result; null when a search finds nothing.</param>
internal sealed record SyntheticRoute(string Name, IReadOnlyList<string> Lines, int? Result)
{
    /// <summary>Gets the route as text: name, lines and result.</summary>
    public string Text { get; } = $"{Name}:\n{string.Join('\n', Lines)}\nso {RangeSearch.TextOf(Result)}";

    /// <summary>Reads a response without tags that is one route and its answer; null if it is anything else.</summary>
    public static SyntheticRoute? Parse(string response)
    {
        var lines = response.Split('\n');
        return lines is [var head, .. { Length: > 0 } work, var so, "", var answer]
            && head.EndsWith(':') && so.StartsWith("so ", StringComparison.Ordinal) && int.TryParse(so[3..], out var result) && answer == $"Final Answer: {result}"
            && !response.Contains('<', StringComparison.Ordinal)
            ? new SyntheticRoute(head[..^1], work, result)
            : null;
    }
}
