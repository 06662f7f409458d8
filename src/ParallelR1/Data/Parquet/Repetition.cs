namespace ParallelR1.Data.Parquet;

/// <summary>How often a field occurs in its parent.</summary>
internal enum Repetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}
