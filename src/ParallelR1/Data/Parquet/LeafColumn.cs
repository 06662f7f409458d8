namespace ParallelR1.Data.Parquet;

/// <summary>A leaf column of the schema.</summary>
/// <param name="Path">Dotted path from the root.</param>
/// <param name="Annotation">The logical type.</param>
/// <param name="TypeLength">Number of bytes of a fixed-length value.</param>
/// <param name="Scale">Number of fractional digits of a decimal.</param>
/// <param name="MaxDefinition">The definition level of a value that is not null.</param>
internal sealed record LeafColumn(string Path, Annotation Annotation, int TypeLength, int Scale, int MaxDefinition);

/// <summary>The logical types of the format that matter for reading rows.</summary>
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
