namespace ParallelR1.Thinking;

/// <summary>Indices from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct TokenRange(int Start, int End)
{
    /// <summary>Number of indices.</summary>
    public int Length => End - Start;
}
