namespace ParallelR1.Data.Export;

/// <summary>How a dataset folder is made.</summary>
public sealed record ExportOptions
{
    /// <summary>The licence, by preference as the hub writes it (<c>mit</c>, <c>apache-2.0</c>); null: that of the known sets that the rows come from.</summary>
    public string? Licence { get; init; }

    /// <summary>The report of <c>data cold-start</c> or <c>data prepare</c>, for the filters in the card; null: <c>report.json</c> beside the file, where it is one.</summary>
    public string? Report { get; init; }

    /// <summary>The example in the card is drawn from it.</summary>
    public long Seed { get; init; }
}
