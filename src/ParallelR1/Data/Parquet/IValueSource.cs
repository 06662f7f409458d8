namespace ParallelR1.Data.Parquet;

/// <summary>The values of a page that are not null, in order.</summary>
internal interface IValueSource
{
    object Next();
}
