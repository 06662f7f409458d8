namespace ParallelR1.Grading.Semantic;

/// <summary>An interval of real numbers; a point has equal closed ends.</summary>
internal sealed record Interval(Node Low, bool LowClosed, Node High, bool HighClosed);
