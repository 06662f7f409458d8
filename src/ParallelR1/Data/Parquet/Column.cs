namespace ParallelR1.Data.Parquet;

/// <summary>A leaf of the schema: stored values with their levels.</summary>
/// <param name="Path">Dotted path from the root, as in the chunk's description.</param>
/// <param name="Type">How values are stored.</param>
/// <param name="Annotation">What they mean.</param>
/// <param name="TypeLength">Bytes of a fixed-length value.</param>
/// <param name="Scale">Digits after the point of a decimal.</param>
/// <param name="MaxDefinition">The definition level of a value that is there.</param>
/// <param name="MaxRepetition">How many lists the value is nested in.</param>
internal sealed record Column(
    string Path,
    PhysicalType Type,
    Annotation Annotation,
    int TypeLength,
    int Scale,
    int MaxDefinition,
    int MaxRepetition);
