using System.Globalization;

namespace ParallelR1.Evaluation;

/// <summary>Result of an evaluation, reproduction or comparison: table rows, comparisons of rows, accuracy against the cap, and findings.</summary>
public sealed record Summary
{
    /// <summary>Gets the rows, in order.</summary>
    public required IReadOnlyList<SummaryRow> Rows { get; init; }

    /// <summary>Gets the comparisons of rows, paired by problem; null if no rows were compared.</summary>
    public IReadOnlyList<Comparison>? Comparisons { get; init; }

    /// <summary>Gets the accuracy at several caps on the critical path; null if not measured.</summary>
    public IReadOnlyList<CurvePoint>? Curve { get; init; }

    /// <summary>Gets the published findings and whether each was reproduced here; null if none were checked.</summary>
    public IReadOnlyList<Finding>? Findings { get; init; }
}

/// <summary>Accuracy of a row under a cap on the critical path.</summary>
/// <param name="Row">The row.</param>
/// <param name="Paths">Number of paths per block; null or 1 if decoded without blocks.</param>
/// <param name="Cap">Maximum number of response tokens on the critical path.</param>
/// <param name="Fits">Share of the problems whose shortest correct solution fits under the cap; null: not known.</param>
/// <param name="MeanAtK">mean@k under the cap.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of its 95 % interval.</param>
/// <param name="SecondsPerAnswer">Median seconds per answer, decoded one at a time; null if not measured.</param>
public sealed record CurvePoint(string Row, int? Paths, int Cap, double? Fits, double MeanAtK, double Low, double High, double? SecondsPerAnswer);

/// <summary>A published finding, and whether it is reproduced here.</summary>
/// <param name="Name">Name of the finding.</param>
/// <param name="Verdict">Whether it is reproduced.</param>
/// <param name="Value">The value that decides the verdict; null if not measured.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of its 95 % interval.</param>
/// <param name="Threshold">What the value must reach, in words.</param>
/// <param name="Command">The command that reproduces the value.</param>
/// <param name="Note">What the value is and, if the finding could not be decided, why not.</param>
public sealed record Finding(string Name, FindingVerdict Verdict, double? Value, double? Low, double? High, string Threshold, string Command, string Note)
{
    /// <summary>Gets the verdict in words.</summary>
    public string VerdictText => Text(Verdict);

    /// <summary>A value with four decimals, a smaller one with two digits.</summary>
    internal static string Number(double? value) => value switch
    {
        null => "–",
        { } v when v != 0 && Math.Abs(v) < 0.001 => v.ToString("G2", CultureInfo.InvariantCulture),
        { } v => v.ToString("0.####", CultureInfo.InvariantCulture),
    };

    internal static string Text(FindingVerdict verdict) => verdict switch
    {
        FindingVerdict.Shows => "shows",
        FindingVerdict.DoesNotShow => "does not show",
        FindingVerdict.NotAtThisScale => "not at this scale",
        _ => "not run",
    };
}

/// <summary>Verdict on a finding.</summary>
public enum FindingVerdict
{
    /// <summary>The deciding rows were not run, or were run with too few seeds.</summary>
    NotRun,

    /// <summary>The finding is reproduced.</summary>
    Shows,

    /// <summary>The finding could have been reproduced, but was not.</summary>
    DoesNotShow,

    /// <summary>A precondition of the finding is not met here, so it could not be reproduced.</summary>
    NotAtThisScale,
}
