namespace ParallelR1.Data.Parquet;

/// <summary>A leaf of the schema: stored values with their levels.</summary>
/// <param name="Path">Dotted path from the root.</param>
/// <param name="Annotation">What its values mean.</param>
/// <param name="TypeLength">Bytes of a fixed-length value.</param>
/// <param name="Scale">Digits after the point of a decimal.</param>
/// <param name="MaxDefinition">The definition level of a value that is there.</param>
internal sealed record LeafColumn(string Path, Annotation Annotation, int TypeLength, int Scale, int MaxDefinition);

/// <summary>What a stored value means: the logical types of the format, as far as they matter for reading rows.</summary>
internal enum Annotation
{
    None,
    Text,
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
