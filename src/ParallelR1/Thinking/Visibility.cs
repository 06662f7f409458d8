namespace ParallelR1.Thinking;

/// <summary>The two regimes of parallel thinking.</summary>
public enum Visibility
{
    /// <summary>Structured: paths start at the same position and do not see their siblings; what follows sees all of them.</summary>
    Unseen,

    /// <summary>Causal: ordinary positions and causal attention over the concatenation, although paths were decoded independently.</summary>
    Seen,
}
