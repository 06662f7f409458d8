namespace ParallelR1.Runs.Reports;

/// <summary>Text of the main line, of a path or of a summary.</summary>
public sealed record TraceText(string Text) : TraceNode;
