namespace ParallelR1.Data.Synthetic;

/// <summary>A solution of a problem, or of one slice of a search.</summary>
/// <param name="Name">The method, such as <c>Step by step</c>, or the range of a search, such as <c>21-36</c>.</param>
/// <param name="Lines">The calculation: one equation, or one tested number, per line.</param>
/// <param name="Result">The result; null when a search finds nothing.</param>
internal sealed record SyntheticRoute(string Name, IReadOnlyList<string> Lines, int? Result)
{
    /// <summary>Gets the route as text: name, lines and result.</summary>
    public string Text { get; } = $"{Name}:\n{string.Join('\n', Lines)}\nso {RangeSearch.TextOf(Result)}";
}
