namespace ParallelR1.Data;

/// <summary>What <see cref="Preparation"/> reads, checks and compares with.</summary>
public sealed record PreparationOptions
{
    /// <summary>Field to column, for files with columns of their own.</summary>
    public IReadOnlyDictionary<string, string>? Map { get; init; }

    /// <summary>A name or file that the result must share no text with; null: not compared.</summary>
    public string? Against { get; init; }

    /// <summary>Thirteen words that so many problems of the set share are a phrase and no overlap; null: every overlap counts.</summary>
    public int? IgnorePhrasesFrom { get; init; }

    /// <summary>Pass over rows that are damaged, lack a field or repeat an id, and count them, instead of stopping at the first.</summary>
    public bool SkipBad { get; init; }

    /// <summary>What is left out besides.</summary>
    public CleaningOptions Cleaning { get; init; } = new();
}
