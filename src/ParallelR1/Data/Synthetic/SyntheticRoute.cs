namespace ParallelR1.Data.Synthetic;

/// <summary>One way to solve a problem.</summary>
/// <param name="Name">How it goes about it, such as <c>Step by step</c>.</param>
/// <param name="Lines">The calculation, one equation a line; every equation was computed.</param>
/// <param name="Result">What it arrives at.</param>
public sealed record SyntheticRoute(string Name, IReadOnlyList<string> Lines, int Result)
{
    /// <summary>The route as text: its name, its lines, and what it gives.</summary>
    public string Text { get; } = $"{Name}:\n{string.Join('\n', Lines)}\nso {Result}";
}
