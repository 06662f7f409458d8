namespace ParallelR1.Data.Parquet;

/// <summary>A single value of one column.</summary>
internal sealed record ValueNode(string Name, int PresentAt, int FirstColumn)
    : RowNode(Name, PresentAt, FirstColumn, FirstColumn + 1);
