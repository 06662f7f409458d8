namespace ParallelR1.Runs.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Color">Which of the page's colours, from 0.</param>
/// <param name="Points">Step and value, by step.</param>
/// <param name="Sparse">Few measurements: drawn with a dot each, and not smoothed.</param>
internal sealed record ChartSeries(string Name, int Color, IReadOnlyList<(double X, double Y)> Points, bool Sparse = false);
