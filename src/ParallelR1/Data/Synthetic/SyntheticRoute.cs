namespace ParallelR1.Data.Synthetic;

/// <summary>One way to solve a problem, or one slice of a search.</summary>
/// <param name="Name">How it goes about it, such as <c>Step by step</c>, or the range it looks through, such as <c>21-36</c>.</param>
/// <param name="Lines">The calculation, one equation or one number looked at a line; every equation was computed.</param>
/// <param name="Result">What it arrives at; null where a search finds nothing.</param>
internal sealed record SyntheticRoute(string Name, IReadOnlyList<string> Lines, int? Result)
{
    /// <summary>The route as text: its name, its lines, and what it gives.</summary>
    public string Text { get; } = $"{Name}:\n{string.Join('\n', Lines)}\nso {RangeSearch.TextOf(Result)}";
}
