namespace ParallelR1.Runs.Reports;

/// <summary>Where the vertical axis of a chart begins.</summary>
internal enum ChartBase
{
    /// <summary>Near the smallest value.</summary>
    Data,

    /// <summary>At zero.</summary>
    Zero,

    /// <summary>At zero, and it shows at least a twentieth, so that noise near zero does not look like much.</summary>
    Share,
}
