namespace ParallelR1.Tokenization;

/// <summary>What <c>Split</c> does with its matches.</summary>
internal enum SplitBehavior
{
    Isolated,
    Removed,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}
