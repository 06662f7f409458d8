namespace ParallelR1.Data.Parquet;

/// <summary>What a stored value means: the converted and the logical types of the format, as far as they matter for reading rows.</summary>
internal enum Annotation
{
    None,
    Text,
    List,
    Map,
    Decimal,
    Date,
    TimeMillis,
    TimeMicros,
    TimeNanos,
    TimestampMillis,
    TimestampMicros,
    TimestampNanos,
    Unsigned,
    Uuid,
    Float16,
    Bytes,
}
