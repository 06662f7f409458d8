namespace ParallelR1.Thinking;

/// <summary>A rectangle that causal attention would show and the structure hides; half-open in both directions.</summary>
public readonly record struct HiddenRange(int RowStart, int RowEnd, int ColumnStart, int ColumnEnd);
