namespace ParallelR1.Data.Parquet;

/// <summary>How rows are put together: a value, a struct or a list, over a contiguous range of columns.</summary>
/// <param name="Name">The key in the parent struct.</param>
/// <param name="PresentAt">Definition level from which on it is not null; 0 where it cannot be.</param>
/// <param name="FirstColumn">The first column below.</param>
/// <param name="EndColumn">One past the last column below.</param>
internal abstract record RowNode(string Name, int PresentAt, int FirstColumn, int EndColumn);
