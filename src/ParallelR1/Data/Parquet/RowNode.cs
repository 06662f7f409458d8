namespace ParallelR1.Data.Parquet;

/// <summary>How rows are put together: a value, a struct or a list, over a contiguous range of columns.</summary>
/// <param name="Name">The key in the parent struct.</param>
/// <param name="PresentAt">Definition level from which on it is not null; 0 where it cannot be.</param>
/// <param name="FirstColumn">The first column below.</param>
/// <param name="EndColumn">One past the last column below.</param>
internal abstract record RowNode(string Name, int PresentAt, int FirstColumn, int EndColumn);

/// <summary>A single value of one column.</summary>
internal sealed record ValueNode(string Name, int PresentAt, int FirstColumn)
    : RowNode(Name, PresentAt, FirstColumn, FirstColumn + 1);

/// <summary>Named members.</summary>
internal sealed record StructNode(string Name, int PresentAt, int FirstColumn, int EndColumn, IReadOnlyList<RowNode> Members)
    : RowNode(Name, PresentAt, FirstColumn, EndColumn);

/// <summary>A list.</summary>
/// <param name="Name">The key in the parent struct.</param>
/// <param name="PresentAt">Definition level from which on it is not null.</param>
/// <param name="FilledAt">Definition level from which on it has an element.</param>
/// <param name="Repetition">The repetition level of a further element.</param>
/// <param name="Element">What the list holds.</param>
internal sealed record ListNode(string Name, int PresentAt, int FilledAt, int Repetition, RowNode Element)
    : RowNode(Name, PresentAt, Element.FirstColumn, Element.EndColumn);
