namespace ParallelR1.Generation;

/// <summary>A token that is in the trace but not yet in the cache.</summary>
/// <param name="Id">The token.</param>
/// <param name="Position">Its position id.</param>
/// <param name="Lane">Its lane in the cache: it sees entries of lane 0 and of its own.</param>
internal readonly record struct PendingToken(int Id, int Position, int Lane)
{
    /// <summary>What its output is for.</summary>
    public HeadUse Use { get; init; }

    /// <summary>The path whose next token its output decides (<see cref="HeadUse.Path"/>).</summary>
    public int Path { get; init; }

    /// <summary>The first row of tokens injected after it, which its output scores.</summary>
    public int ScoredRow { get; init; }

    /// <summary>Number of such rows; they hold the same token.</summary>
    public int ScoredRows { get; init; }

    /// <summary>Whether logits are needed.</summary>
    public bool NeedsLogits => Use != HeadUse.None || ScoredRows > 0;
}
