namespace ParallelR1;

/// <summary>How far an activity is.</summary>
/// <param name="Activity">What is done, as in "rl" or "evaluating hard"; one bar each.</param>
/// <param name="Done">Units that are done.</param>
/// <param name="Total">All units; 0: not known.</param>
/// <param name="Detail">The figures of the moment, as in "reward 0.31".</param>
public sealed record RunProgress(string Activity, long Done, long Total, string Detail = "");
