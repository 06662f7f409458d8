namespace ParallelR1.Cli.Benchmarks;

/// <summary>One figure of a benchmark.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Metric">What the figure says.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Peer">The peer's figure for the same case in the same run; null where there is no peer.</param>
internal sealed record BenchmarkResult(string Case, string Metric, double Value, string Unit, double? Peer)
{
    /// <summary>Ours over the peer's.</summary>
    public double? Ratio => Peer is > 0 ? Value / Peer : null;
}
