using System.Collections.Immutable;

namespace ParallelR1.Thinking;

/// <summary>Indices from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct TokenRange(int Start, int End)
{
    /// <summary>Number of indices.</summary>
    public int Length => End - Start;
}

/// <summary>
/// Rows (queries) <paramref name="Start"/> to <paramref name="End"/>, not included, that share the same earlier columns (keys):
/// row r sees all of <paramref name="Columns"/>, and from <paramref name="Start"/> through r.
/// </summary>
/// <param name="Start">The first row.</param>
/// <param name="End">The row after the last.</param>
/// <param name="Columns">Sorted, disjoint, not adjacent, not empty, all before <paramref name="Start"/>.</param>
public readonly record struct VisibleRun(int Start, int End, ImmutableArray<TokenRange> Columns);

/// <summary>A rectangle that causal attention would show and the structure hides; half-open in both directions.</summary>
public readonly record struct HiddenRange(int RowStart, int RowEnd, int ColumnStart, int ColumnEnd);
