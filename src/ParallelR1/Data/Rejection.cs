namespace ParallelR1.Data;

/// <summary>A problem that was left out.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">The length, the other answer, the shared words, …</param>
public sealed record Rejection(string Id, RejectReason Reason, string Detail);
