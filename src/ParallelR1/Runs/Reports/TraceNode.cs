namespace ParallelR1.Runs.Reports;

/// <summary>A part of a trace: <see cref="TraceText"/> or <see cref="TraceBlock"/>.</summary>
public abstract record TraceNode;
