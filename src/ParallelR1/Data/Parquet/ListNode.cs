namespace ParallelR1.Data.Parquet;

/// <summary>A list.</summary>
/// <param name="Name">The key in the parent struct.</param>
/// <param name="PresentAt">Definition level from which on it is not null.</param>
/// <param name="FilledAt">Definition level from which on it has an element.</param>
/// <param name="Repetition">The repetition level of a further element.</param>
/// <param name="Element">What the list holds.</param>
internal sealed record ListNode(string Name, int PresentAt, int FilledAt, int Repetition, RowNode Element)
    : RowNode(Name, PresentAt, Element.FirstColumn, Element.EndColumn);
