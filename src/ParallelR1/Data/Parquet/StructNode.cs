namespace ParallelR1.Data.Parquet;

/// <summary>Named members.</summary>
internal sealed record StructNode(string Name, int PresentAt, int FirstColumn, int EndColumn, IReadOnlyList<RowNode> Members)
    : RowNode(Name, PresentAt, FirstColumn, EndColumn);
